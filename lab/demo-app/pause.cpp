// SPDX-License-Identifier: Apache-2.0
// Holds the namespaces of a pod: sleeps until told to stop, and reaps what is left to it.
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

int main() {
    sigset_t awaited;
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGTERM);
    sigaddset(&awaited, SIGINT);
    sigaddset(&awaited, SIGCHLD);
    sigprocmask(SIG_BLOCK, &awaited, nullptr);
    for (int signal = 0; sigwait(&awaited, &signal) == 0 && signal == SIGCHLD;) {
        while (waitpid(-1, nullptr, WNOHANG) > 0) {
        }
    }
    return 0;
}
