package data

// Finding stands for office.Finding until package office compiles.
type Finding struct{ What, Target, Code string }
