complete --keep-order --exclusive --command k8sport --arguments "(_K8SPORT_COMPLETE=fish k8sport -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token))"
