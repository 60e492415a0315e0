# SPDX-License-Identifier: Apache-2.0
# What the acceptance scripts share: the program, the lab's demo at v1, and a journal of their own.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# The program under test; another one may be named.
deployctl=${DEPLOYCTL_PROGRAM:-$root/build/release/cli/deployctl}
work=$(mktemp -d)
export DEPLOYCTL_STATE=$work/state.db
trap 'rm -rf "$work"' EXIT

fresh_shop() {
    "$root/lab/lab" demo >/dev/null
    rm -f "$work"/state.db*
    sed -e "s|@IMAGE@|$DEPLOYCTL_LAB_REGISTRY/shop/web|" -e "s|@CONTEXT@|$(kubectl config current-context)|" \
        "$root/lab/demo/deploy.yaml.in" >"$work/deploy.yaml"
    if [ "${1:-}" = no-digest ]; then
        sed -i "s|^  image: .*|  image: {name: \"$DEPLOYCTL_LAB_REGISTRY/shop/web\", digest: off}|" "$work/deploy.yaml"
    fi
}

# two_clusters: $first and $second name the contexts of two clusters in KUBECONFIG. With CLUSTERS=2 the second one is a
# lab of its own beside the first, with the images of that one (it stays up: lab/lab down --name NAME-2); otherwise it is
# the first once more.
two_clusters() {
    local lab=${DEPLOYCTL_LAB:-default} other
    first=$(kubectl config current-context) second=$first
    [ "${CLUSTERS:-1}" = 2 ] || return 0
    "$root/lab/lab" up --name "$lab-2" --registry-of "$lab" 2>/dev/null
    other=$(eval "$("$root/lab/lab" env --name "$lab-2")" && echo "$KUBECONFIG")
    KUBECONFIG=$KUBECONFIG:$other kubectl config view --raw --flatten >"$work/kubeconfig"
    second=$(KUBECONFIG=$other kubectl config current-context)
    export KUBECONFIG=$work/kubeconfig
    for name in "$first" "$second"; do
        echo "cluster $name: $(kubectl --context "$name" get namespace kube-system -o jsonpath='{.metadata.uid}')"
    done
}

# run CODE ARGUMENT...: runs the program, shows what it says, and insists on the exit code.
run() {
    local expected=$1 code=0
    shift
    "$deployctl" -f "$work/deploy.yaml" "$@" >"$work/out" 2>&1 || code=$?
    tail -n 12 "$work/out"
    if [ "$code" -ne "$expected" ]; then
        echo "deployctl $*: exit code $code, expected $expected" >&2
        cat "$work/out" >&2
        exit 1
    fi
}

# start_in_background ARGUMENT...: returns once the rollout has begun; the process is $runner, its output $work/first.
start_in_background() {
    # Emptied here: the background job may open the file later than this reads it.
    : >"$work/first"
    "$deployctl" -f "$work/deploy.yaml" "$@" >"$work/first" 2>&1 &
    runner=$!
    until grep -q ' start rollout=' "$work/first"; do
        kill -0 "$runner" || { cat "$work/first" >&2; exit 1; }
        sleep 0.05
    done
}

# end_state: image tag, size, candidates' sizes, the Service's selector.
end_state() {
    kubectl -n shop get deploy web -o jsonpath='{.spec.template.spec.containers[0].image} {.spec.replicas}' |
        sed -E 's/.*web:([^@ ]*)(@[^ ]*)?/\1/'
    kubectl -n shop get deploy -o jsonpath='{range .items[*]}{.metadata.name}={.spec.replicas}{"\n"}{end}' |
        grep -v '^web=' | sed -E 's/^[^=]*=/ candidate=/' | tr -d '\n'
    kubectl -n shop get service web -o jsonpath=' {.spec.selector}'
    echo
}

insist() {
    local wanted=$1 seen
    seen=$(end_state)
    echo "end state: $seen"
    case $seen in
        $wanted) ;;
        *) echo "expected: $wanted" >&2; exit 1 ;;
    esac
}

# A client that asks through the Service until it is stopped; counts what was not answered with 200.
client_start() {
    python3 "$root/tests/acceptance/client.py" "$DEPLOYCTL_LAB_SHOP" "$work/client" &
    client=$!
}

client_stop() {
    kill -TERM "$client"
    wait "$client" || true
    cat "$work/client"
}
