// SPDX-License-Identifier: Apache-2.0
#include "plugins/kubectl/kubectl_cluster.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "documents/json.hpp"
#include "plugins/kubectl/answers.hpp"
#include "plugins/kubectl/caches.hpp"

namespace deployctl::plugins::kubectl {

namespace {

constexpr Duration sync_deadline = seconds(15);
constexpr auto json_type = "Content-Type: application/json";
constexpr auto patch_type = "Content-Type: application/json-patch+json";
constexpr auto manager = "?fieldManager=deployctl";

HttpRequest get_request(std::string url) {
    HttpRequest request;
    request.url = std::move(url);
    request.headers = {"Accept: application/json"};
    return request;
}

HttpRequest write_request(std::string method, std::string url, const char* type, const Value& body) {
    HttpRequest request;
    request.method = std::move(method);
    request.url = std::move(url);
    request.headers = {"Accept: application/json", type};
    request.body = documents::write_json(body);
    return request;
}

Value review_of(const Permission& permission, const std::string& kube_namespace) {
    const auto slash = permission.resource.find('/');
    auto review = Value::map({
        {"apiVersion", "authorization.k8s.io/v1"},
        {"kind", "SelfSubjectAccessReview"},
    });
    review.set("/spec/resourceAttributes/namespace", kube_namespace);
    review.set("/spec/resourceAttributes/verb", permission.verb);
    review.set("/spec/resourceAttributes/group", permission.group);
    review.set("/spec/resourceAttributes/resource", permission.resource.substr(0, slash));
    if (slash != std::string::npos) {
        review.set("/spec/resourceAttributes/subresource", permission.resource.substr(slash + 1));
    }
    return review;
}

std::vector<std::string> split_lines(const std::string& text) {
    std::vector<std::string> lines;
    std::size_t begin = 0;
    while (begin < text.size()) {
        const auto end = std::min(text.find('\n', begin), text.size());
        lines.push_back(printable_line(text.substr(begin, end - begin)));
        begin = end + 1;
    }
    return lines;
}

}  // namespace

KubectlCluster::KubectlCluster(Proxy& proxy, Clock& clock, std::string kube_namespace)
    : proxy_(proxy),
      clock_(clock),
      kube_namespace_(std::move(kube_namespace)),
      caches_(std::make_shared<Caches>(proxy, clock, kube_namespace_)) {}

KubectlCluster::~KubectlCluster() {
    caches_->stop();
}

Task<ClusterIdentity> KubectlCluster::identify() {
    const auto version_request = get_request("/version");
    const auto version = co_await proxy_.send(version_request);
    const auto told = read_get_answer(version, "the server's version");
    const ObjectRef system{Kind::kube_namespace, "", "kube-system"};
    const auto body = co_await get(system);
    if (!body) {
        throw Error(ExitCode::tool_missing, "the cluster has no namespace kube-system", "is it a Kubernetes cluster?");
    }
    co_return ClusterIdentity{body->text("/metadata/uid"), told ? told->text("/gitVersion") : ""};
}

Task<std::optional<Value>> KubectlCluster::get(ObjectRef ref) {
    const auto request = get_request(url_path(ref));
    const auto answer = co_await proxy_.send(request);
    co_return read_get_answer(answer, to_text(ref));
}

Task<std::vector<Value>> KubectlCluster::list(Kind kind) {
    const ObjectRef collection{kind, kube_namespace_, ""};
    std::vector<Value> items;
    std::string more;
    do {
        const auto rest = more.empty() ? std::string() : "&continue=" + url_encode(more);
        const auto request = get_request(url_path(collection) + "?limit=500" + rest);
        const auto answer = co_await proxy_.send(request);
        const auto body = read_get_answer(answer, info(kind).plural);
        if (!body) {
            break;
        }
        const auto& page = body->items("/items");
        items.insert(items.end(), page.begin(), page.end());
        more = body->text("/metadata/continue");
    } while (!more.empty());
    co_return items;
}

Task<WriteReply> KubectlCluster::patch(ObjectRef ref, JsonPatch changes) {
    const auto request = write_request("PATCH", url_path(ref) + manager, patch_type, to_value(changes));
    const auto answer = co_await proxy_.send(request);
    co_return read_write_answer(answer);
}

Task<WriteReply> KubectlCluster::create(ObjectRef ref, Value object) {
    ref.name.clear();
    const auto request = write_request("POST", url_path(ref) + manager, json_type, object);
    const auto answer = co_await proxy_.send(request);
    co_return read_write_answer(answer);
}

Task<WriteReply> KubectlCluster::remove(ObjectRef ref, std::string uid, std::string resource_version) {
    auto options = Value::map({{"apiVersion", "v1"}, {"kind", "DeleteOptions"}});
    options.set("/preconditions/uid", uid);
    options.set("/preconditions/resourceVersion", resource_version);
    const auto request = write_request("DELETE", url_path(ref), json_type, options);
    const auto answer = co_await proxy_.send(request);
    co_return read_write_answer(answer);
}

Task<World> KubectlCluster::look() {
    if (!caches_->is_started()) {
        const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
        caches_->start(executor);
    }
    const auto begun = clock_.boot_time();
    while (!caches_->is_synced()) {
        caches_->check();
        if (clock_.boot_time() - begun > sync_deadline) {
            throw Error(ExitCode::stopped_watching, "the API server did not list its objects in time");
        }
        caches_->seen();
        co_await caches_->wait(seconds(1));
    }
    caches_->check();
    caches_->seen();
    co_return caches_->world();
}

Task<> KubectlCluster::wait_for_change(Duration at_most) {
    co_await caches_->wait(at_most);
}

Task<std::vector<std::string>> KubectlCluster::log(LogQuery query) {
    const ObjectRef pod{Kind::pod, kube_namespace_, query.pod};
    auto url = url_path(pod) + "/log?container=" + url_encode(query.container) +
               "&tailLines=" + std::to_string(query.lines);
    if (query.run == LogQuery::Run::previous) {
        url += "&previous=true";
    }
    const auto request = get_request(url);
    const auto answer = co_await proxy_.send(request);
    if (answer.kind != HttpAnswer::Kind::answered || answer.status != 200) {
        throw Error(ExitCode::stopped_watching, message_of(answer));
    }
    co_return split_lines(answer.body);
}

Task<PodAnswer> KubectlCluster::ask_pod(PodRequest request) {
    const ObjectRef pod{Kind::pod, kube_namespace_, request.pod};
    auto asked = get_request(url_path(pod) + ":" + std::to_string(request.port) + "/proxy" + request.path);
    asked.headers.clear();
    asked.timeout = request.timeout;
    const auto answer = co_await proxy_.send(asked);
    co_return read_pod_answer(answer);
}

Task<std::vector<Permission>> KubectlCluster::missing_permissions(std::vector<Permission> wanted) {
    std::vector<Permission> missing;
    const std::string url = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    for (const auto& permission : wanted) {
        const auto request = write_request("POST", url, json_type, review_of(permission, kube_namespace_));
        const auto answer = co_await proxy_.send(request);
        const auto reply = read_write_answer(answer);
        if (reply.answer != WriteAnswer::done) {
            throw Error(ExitCode::stopped_watching, "cannot ask for permissions: " + reply.message);
        }
        if (!reply.object.flag("/status/allowed")) {
            missing.push_back(permission);
        }
    }
    co_return missing;
}

}  // namespace deployctl::plugins::kubectl
