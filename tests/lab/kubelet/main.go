// A kubelet's streaming side and nothing else, on port 10250 of the node: `exec`, `attach`, `port-forward` and `logs`, with
// Kubernetes' own servers of its stream protocols (SPDY and WebSocket). Containers are this machine's processes.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/types"
	constants "k8s.io/apimachinery/pkg/util/remotecommand"
	client "k8s.io/client-go/tools/remotecommand"
	"k8s.io/kubernetes/pkg/kubelet/cri/streaming/portforward"
	"k8s.io/kubernetes/pkg/kubelet/cri/streaming/remotecommand"
	utilexec "k8s.io/utils/exec"
)

const idle = 4 * time.Hour

type node struct{}

func (node) ExecInContainer(_ string, _ types.UID, _ string, command []string, in io.Reader, out, err io.WriteCloser, tty bool, _ <-chan client.TerminalSize, _ time.Duration) error {
	if tty {
		return fmt.Errorf("this kubelet has no terminals")
	}
	process := exec.Command(command[0], command[1:]...)
	process.Stdout, process.Stderr = out, err
	failed := feed(process, in)
	if exited, ok := failed.(*exec.ExitError); ok {
		return utilexec.CodeExitError{Err: failed, Code: exited.ExitCode()}
	}
	return failed
}

// The process may end before what it is told does, which not all clients can end.
func feed(process *exec.Cmd, in io.Reader) error {
	if in != nil {
		pipe, err := process.StdinPipe()
		if err != nil {
			return err
		}
		go func() {
			io.Copy(pipe, in)
			pipe.Close()
		}()
	}
	return process.Run()
}

// The container's process gives back what it gets, in capitals.
func (node) AttachContainer(_ string, _ types.UID, _ string, in io.Reader, out, _ io.WriteCloser, _ bool, _ <-chan client.TerminalSize) error {
	process := exec.Command("stdbuf", "-o0", "tr", "a-z", "A-Z")
	process.Stdout = out
	return feed(process, in)
}

func (node) PortForward(_ string, _ types.UID, port int32, stream io.ReadWriteCloser) error {
	defer stream.Close()
	there, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return err
	}
	defer there.Close()
	go func() {
		io.Copy(there, stream)
		there.(*net.TCPConn).CloseWrite()
	}()
	// What has ended on this side isn't sent to any more.
	_, err = io.Copy(stream, there)
	return err
}

// As kubelet's paths are: /exec/NAMESPACE/POD/CONTAINER.
func pod(request *http.Request) string { return strings.Split(request.URL.Path, "/")[3] }

func streams(w http.ResponseWriter, request *http.Request) *remotecommand.Options {
	options, err := remotecommand.NewOptions(request)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return nil
	}
	return options
}

func main() {
	http.HandleFunc("/exec/", func(w http.ResponseWriter, request *http.Request) {
		if options := streams(w, request); options != nil {
			remotecommand.ServeExec(w, request, node{}, pod(request), "", "", request.URL.Query()["command"], options, idle,
				constants.DefaultStreamCreationTimeout, constants.SupportedStreamingProtocols)
		}
	})
	http.HandleFunc("/attach/", func(w http.ResponseWriter, request *http.Request) {
		if options := streams(w, request); options != nil {
			remotecommand.ServeAttach(w, request, node{}, pod(request), "", "", options, idle,
				constants.DefaultStreamCreationTimeout, constants.SupportedStreamingProtocols)
		}
	})
	http.HandleFunc("/portForward/", func(w http.ResponseWriter, request *http.Request) {
		options, err := portforward.NewV4Options(request)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		portforward.ServePortForward(w, request, node{}, pod(request), "", options, idle, constants.DefaultStreamCreationTimeout,
			portforward.SupportedProtocols)
	})
	// A line, and another one a second later.
	http.HandleFunc("/containerLogs/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "first")
		w.(http.Flusher).Flush()
		time.Sleep(time.Second)
		fmt.Fprintln(w, "second")
	})
	log.Fatal(http.ListenAndServeTLS(":10250", "/srv/kubernetes/apiserver.crt", "/srv/kubernetes/apiserver.key", nil))
}
