//go:build linux

// Command init is the first process of the virtual machine for USB tests: it
// loads the kernel's USB modules, puts the build machine's file system in place
// (read-only over 9p, a tmpfs on top), runs one script of that machine inside,
// says on the console how it ended, and powers off.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// mountPoint is a file system without options.
type mountPoint struct{ source, target, kind string }

func mountAll(list []mountPoint) {
	for _, m := range list {
		_ = os.MkdirAll(m.target, 0o755)
		if err := unix.Mount(m.source, m.target, m.kind, 0, ""); err != nil {
			fmt.Println("mount", m.target, err)
		}
	}
}

// loadModules loads /mod/order's files, dependencies first.
func loadModules() {
	order, _ := os.ReadFile("/mod/order")
	for _, name := range strings.Fields(string(order)) {
		f, err := os.Open("/mod/" + name)
		if err != nil {
			fmt.Println(err)
			continue
		}
		if err := unix.FinitModule(int(f.Fd()), "", 0); err != nil && err != unix.EEXIST {
			fmt.Println("load", name, err)
		}
		_ = f.Close()
	}
}

// hostFiles puts the build machine's files under /new, writable in memory.
func hostFiles() error {
	for _, d := range []string{"/lower", "/rw", "/new"} {
		_ = os.MkdirAll(d, 0o755)
	}
	if err := unix.Mount("host", "/lower", "9p", unix.MS_RDONLY, "trans=virtio,version=9p2000.L,msize=262144,cache=loose"); err != nil {
		return fmt.Errorf("9p: %w", err)
	}
	if err := unix.Mount("tmpfs", "/rw", "tmpfs", 0, ""); err != nil {
		return fmt.Errorf("tmpfs: %w", err)
	}
	_ = os.MkdirAll("/rw/u", 0o755)
	_ = os.MkdirAll("/rw/w", 0o755)
	if err := unix.Mount("overlay", "/new", "overlay", 0, "lowerdir=/lower,upperdir=/rw/u,workdir=/rw/w"); err != nil {
		return fmt.Errorf("overlay: %w", err)
	}
	mountAll([]mountPoint{
		{"proc", "/new/proc", "proc"}, {"sysfs", "/new/sys", "sysfs"}, {"devtmpfs", "/new/dev", "devtmpfs"},
		{"tmpfs", "/new/run", "tmpfs"}, {"configfs", "/new/sys/kernel/config", "configfs"},
	})
	return nil
}

// loopbackUp returns programs in here the address 127.0.0.1; there is no other network.
func loopbackUp() error {
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	lo.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	defer unix.Close(s)
	return unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, lo)
}

func main() {
	mountAll([]mountPoint{{"proc", "/proc", "proc"}, {"sysfs", "/sys", "sysfs"}, {"devtmpfs", "/dev", "devtmpfs"}, {"tmpfs", "/tmp", "tmpfs"}})
	loadModules()
	if err := loopbackUp(); err != nil {
		fmt.Println("loopback:", err)
	}
	fmt.Println("vm: exit", run())
	unix.Sync()
	_ = unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF)
}

// run returns the script's exit code; QEMU's own says nothing about it.
func run() int {
	if err := hostFiles(); err != nil {
		fmt.Println(err)
		return 125
	}
	script := ""
	line, _ := os.ReadFile("/proc/cmdline")
	for _, w := range strings.Fields(string(line)) {
		if v, ok := strings.CutPrefix(w, "vm.script="); ok {
			script = v
		}
	}
	var name unix.Utsname
	_ = unix.Uname(&name)
	fmt.Println("vm: kernel", unix.ByteSliceToString(name.Release[:]))
	sh := exec.Command("/bin/bash", script)
	sh.SysProcAttr = &syscall.SysProcAttr{Chroot: "/new"}
	sh.Dir = "/"
	sh.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/tmp", "TMPDIR=/tmp", "VM=1"}
	sh.Stdout, sh.Stderr = os.Stdout, os.Stderr
	err := sh.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	fmt.Println(err)
	return 126
}
