//go:build unix

package data

import (
	"os/exec"
	"syscall"
)

// becomeNobody has cmd run without the rights of root.
func becomeNobody(cmd *exec.Cmd) bool {
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	return true
}
