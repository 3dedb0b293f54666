package workspace

// Progress tells how far a long piece of work is. Total 0 means unknown.
type Progress func(done, total int)
