//! HAProxy as a service of ours: an instance of its own beside the distribution's, with its own configuration, PID file and sockets.

/// `[Service]` and `[Install]` of its unit; `folder` is its own below /run. `loaded` tells later which configuration the running
/// process has. A reload says nothing of its outcome, so there who reloads writes it, once the new process has been seen.
pub fn service(config: &str, loaded: &str, folder: &str, restart_after: u8) -> String {
    format!(
        "[Service]
Type=notify
RuntimeDirectory={folder}
ExecStartPre=/usr/sbin/haproxy -f {config} -c -q
ExecStartPre=/bin/cp -f {config} {loaded}
ExecStart=/usr/sbin/haproxy -Ws -f {config} -p /run/{folder}/haproxy.pid
ExecReload=/usr/sbin/haproxy -f {config} -c -q
ExecReload=/bin/kill -USR2 $MAINPID
KillMode=mixed
SuccessExitStatus=143
Restart=always
RestartSec={restart_after}

[Install]
WantedBy=multi-user.target
"
    )
}
