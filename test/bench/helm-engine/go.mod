module flotilla.local/bench/helm-engine

go 1.26

require helm.sh/helm/v4 v4.3.1
