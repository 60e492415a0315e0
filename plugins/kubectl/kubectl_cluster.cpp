// SPDX-License-Identifier: Apache-2.0
#include "plugins/kubectl/kubectl_cluster.hpp"

#include "documents/json.hpp"
#include "model/text.hpp"
#include "model/url.hpp"
#include "plugins/kubectl/all_of.hpp"
#include "plugins/kubectl/answers.hpp"
#include "plugins/kubectl/caches.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>

namespace deployctl::plugins::kubectl {

namespace {

constexpr Duration sync_deadline = seconds(15);
constexpr Duration rules_are_good_for = seconds(1);
constexpr auto json_type = "Content-Type: application/json";
constexpr auto patch_type = "Content-Type: application/json-patch+json";
constexpr auto manager = "?fieldManager=deployctl";
constexpr auto rules_url = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
constexpr auto reviews_url = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

HttpRequest get_request(std::string url) {
    HttpRequest request;
    request.url = std::move(url);
    request.headers = {"Accept: application/json"};
    return request;
}

HttpRequest write_request(
    std::string method, std::string url, const char* type, const Value& body
) {
    HttpRequest request;
    request.method = std::move(method);
    request.url = std::move(url);
    request.headers = {"Accept: application/json", type};
    request.body = documents::write_json(body);
    return request;
}

bool is_cluster_wide(const Permission& permission) {
    constexpr std::array wide{
        "nodes", "namespaces", "persistentvolumes", "customresourcedefinitions"
    };
    const auto& resource = permission.resource;
    return permission.reach == Reach::everywhere ||
           std::ranges::find(wide, resource.substr(0, resource.find('/'))) != wide.end();
}

Value review_of(const Permission& permission, const std::string& kube_namespace) {
    const auto slash = permission.resource.find('/');
    auto review = Value::map({
        {"apiVersion", "authorization.k8s.io/v1"},
        {"kind", "SelfSubjectAccessReview"},
    });
    if (!is_cluster_wide(permission)) {
        review.set("/spec/resourceAttributes/namespace", kube_namespace);
    }
    review.set("/spec/resourceAttributes/verb", permission.verb);
    review.set("/spec/resourceAttributes/group", permission.group);
    review.set("/spec/resourceAttributes/resource", permission.resource.substr(0, slash));
    if (slash != std::string::npos) {
        review.set("/spec/resourceAttributes/subresource", permission.resource.substr(slash + 1));
    }
    return review;
}

}  // namespace

KubectlCluster::KubectlCluster(Proxy& proxy, Clock& clock, ClusterSettings settings)
    : proxy_(proxy),
      clock_(clock),
      settings_(std::move(settings)),
      caches_(std::make_shared<Caches>(proxy, clock, settings_)) {}

KubectlCluster::~KubectlCluster() {
    caches_->stop();
}

Task<HttpAnswer> KubectlCluster::ask(HttpRequest request) {
    request.timeout = settings_.request_timeout;
    auto answer = co_await proxy_.send(request);
    co_return answer;
}

Task<ClusterIdentity> KubectlCluster::identify() {
    co_await proxy_.start();
    const ObjectRef system{Kind::kube_namespace, "", "kube-system"};
    std::vector<Task<HttpAnswer>> questions;
    questions.push_back(ask(get_request("/version")));
    questions.push_back(ask(get_request(url_path(system))));
    const auto answers = co_await all_of(std::move(questions));
    const auto& version = answers[0];
    const auto& answer = answers[1];
    expect_usable_server(version);
    const auto told = documents::try_read_json(version.body).value_or(Value());
    if (answer.status == 403) {
        const auto hash = documents::sha256_hex(settings_.server).substr(0, 32);
        co_return ClusterIdentity{"server-" + hash, told.text("/gitVersion")};
    }
    expect_usable_server(answer);
    const auto body = read_get_answer(answer, "Namespace/kube-system");
    if (!body) {
        throw Error(
            ExitCode::tool_missing,
            "the cluster has no namespace kube-system",
            "is it a Kubernetes cluster?"
        );
    }
    co_return ClusterIdentity{body->text("/metadata/uid"), told.text("/gitVersion")};
}

Task<std::optional<Value>> KubectlCluster::get(ObjectRef ref) {
    const auto request = get_request(url_path(ref));
    const auto answer = co_await ask(request);
    co_return read_get_answer(answer, to_text(ref));
}

Task<ListPage> KubectlCluster::list(ListQuery query) {
    const bool is_wide = query.reach == Reach::everywhere;
    const ObjectRef collection{query.kind, is_wide ? "" : settings_.kube_namespace, ""};
    const auto rest = query.after.empty() ? "" : "&continue=" + url_encode(query.after);
    const auto request = get_request(url_path(collection) + "?limit=500" + rest);
    const auto answer = co_await ask(request);
    auto body = read_get_answer(answer, info(query.kind).plural);
    ListPage page;
    if (body) {
        page.next = body->text("/metadata/continue");
        page.items = take_items(std::move(*body), query.kind);
    }
    co_return page;
}

Task<WriteReply> KubectlCluster::patch(ObjectRef ref, JsonPatch changes) {
    const auto request =
        write_request("PATCH", url_path(ref) + manager, patch_type, to_value(changes));
    const auto answer = co_await ask(request);
    co_return read_write_answer(answer);
}

Task<WriteReply> KubectlCluster::rehearse(ObjectRef ref, JsonPatch changes) {
    const auto url = url_path(ref) + manager + "&dryRun=All";
    const auto request = write_request("PATCH", url, patch_type, to_value(changes));
    const auto answer = co_await ask(request);
    co_return read_write_answer(answer);
}

Task<WriteReply> KubectlCluster::create(ObjectRef ref, Value object) {
    ref.name.clear();
    const auto request = write_request("POST", url_path(ref) + manager, json_type, object);
    const auto answer = co_await ask(request);
    co_return read_write_answer(answer);
}

Task<WriteReply> KubectlCluster::remove(
    ObjectRef ref, std::string uid, std::string resource_version
) {
    auto options = Value::map({{"apiVersion", "v1"}, {"kind", "DeleteOptions"}});
    options.set("/preconditions/uid", uid);
    options.set("/preconditions/resourceVersion", resource_version);
    const auto request = write_request("DELETE", url_path(ref), json_type, options);
    const auto answer = co_await ask(request);
    co_return read_write_answer(answer);
}

Task<World> KubectlCluster::look() {
    if (!caches_->is_started()) {
        co_await proxy_.start();
        const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
        caches_->start(executor);
    }
    const auto begun = clock_.boot_time();
    while (!caches_->is_synced()) {
        caches_->check();
        if (clock_.boot_time() - begun > sync_deadline) {
            throw Error(
                ExitCode::stopped_watching, "the API server did not list its objects in time"
            );
        }
        caches_->seen();
        co_await caches_->wait(seconds(1));
    }
    if (caches_->is_stale()) {  // after a suspend the silence is ours: ask before judging
        auto request = get_request("/version");
        request.timeout = std::min<Duration>(seconds(3), settings_.stale_after);
        const auto answer = co_await proxy_.send(request);
        if (caches_->is_stale()) {
            throw Error(
                ExitCode::stopped_watching, "the API server is silent: " + message_of(answer)
            );
        }
    }
    caches_->check();
    caches_->seen();
    co_return caches_->world();
}

Task<> KubectlCluster::wait_for_change(Duration at_most) {
    co_await caches_->wait(at_most);
}

Task<> KubectlCluster::close() {
    caches_->stop();
    while (!caches_->has_ended()) {
        caches_->seen();
        co_await caches_->wait(seconds(1));
    }
}

Task<std::vector<std::string>> KubectlCluster::log(LogQuery query) {
    const ObjectRef pod{Kind::pod, settings_.kube_namespace, query.pod};
    auto url = url_path(pod) + "/log?container=" + url_encode(query.container) +
               "&tailLines=" + std::to_string(query.lines) + "&limitBytes=1048576";
    if (query.run == LogQuery::Run::previous) {
        url += "&previous=true";
    }
    if (query.times == LogQuery::Times::shown) {
        url += "&timestamps=true";
    }
    if (query.since) {
        const auto whole = std::chrono::ceil<std::chrono::seconds>(*query.since).count();
        url += "&sinceSeconds=" + std::to_string(std::max<std::int64_t>(1, whole));
    }
    auto request = get_request(url);
    request.timeout = query.timeout;
    const auto answer = co_await proxy_.send(request);
    if (!is_of_server(answer) || is_not_permitted(answer)) {
        throw read_failure(answer, "the log of " + query.pod);
    }
    if (answer.status != 200) {
        co_return std::vector<std::string>();
    }
    auto lines = printable_lines(answer.body);
    if (settings_.redact != nullptr) {
        lines =
            printable_lines(settings_.redact(join(lines, "\n")));  // some secrets have many lines
    }
    co_return lines;
}

Task<PodAnswer> KubectlCluster::ask_pod(PodRequest request) {
    const ObjectRef pod{Kind::pod, settings_.kube_namespace, request.pod};
    HttpRequest asked;
    const std::string slash = request.path.starts_with('/') ? "" : "/";
    asked.url =
        url_path(pod) + ":" + std::to_string(request.port) + "/proxy" + slash + request.path;
    asked.timeout = request.timeout;
    const auto answer = co_await proxy_.send(asked);
    co_return read_pod_answer(answer);
}

/// Where a pod is silent and nothing was heard of the API server either, that one is asked: it may
/// be what is silent.
Task<std::vector<PodAnswer>> KubectlCluster::ask_pods(std::vector<PodRequest> requests) {
    const auto begun = clock_.boot_time();
    std::vector<Task<PodAnswer>> questions;
    for (const auto& request : requests) {
        questions.push_back(ask_pod(request));
    }
    auto answers = co_await all_of(std::move(questions));
    const bool somebody_is_silent = std::ranges::any_of(answers, [](const PodAnswer& answer) {
        return answer.status == 0 && !answer.is_lost();
    });
    if (!somebody_is_silent || proxy_.last_heard() > begun) {
        co_return answers;
    }
    auto request = get_request("/version");
    request.timeout = seconds(1);
    const auto of_server = co_await proxy_.send(request);
    for (auto& answer : answers) {
        if (!is_of_server(of_server)) {
            answer.trouble = PodAnswer::Trouble::way;
        }
    }
    co_return answers;
}

Task<bool> KubectlCluster::is_granted(Permission permission) {
    const auto review = review_of(permission, settings_.kube_namespace);
    const auto request = write_request("POST", reviews_url, json_type, review);
    const auto answer = co_await ask(request);
    const auto reply = read_write_answer(answer);
    if (reply.answer != WriteAnswer::done) {
        throw Error(ExitCode::stopped_watching, "cannot ask for permissions: " + reply.message);
    }
    co_return reply.object.flag("/status/allowed");
}

/// What one question for the rules of the namespace does not settle. Two that follow each other
/// share it: what it does not grant is asked for one by one each time.
Task<std::vector<Permission>> KubectlCluster::in_doubt(std::vector<Permission> wanted) {
    auto review = Value::map({
        {"apiVersion", "authorization.k8s.io/v1"},
        {"kind", "SelfSubjectRulesReview"},
    });
    review.set("/spec/namespace", settings_.kube_namespace);
    if (!rules_ || clock_.boot_time() - rules_->asked > rules_are_good_for) {
        const auto asked = clock_.boot_time();
        const auto request = write_request("POST", rules_url, json_type, review);
        const auto answer = co_await ask(request);
        rules_ = Rules{read_write_answer(answer), asked};
    }
    // Rules of a namespace say nothing of what is in none.
    const auto wide = std::ranges::stable_partition(wanted, [](const Permission& permission) {
        return !is_cluster_wide(permission);
    });
    const std::vector<Permission> outside(wide.begin(), wide.end());
    wanted.erase(wide.begin(), wide.end());
    auto doubtful = not_granted_by(rules_->answer, std::move(wanted));
    doubtful.insert(doubtful.end(), outside.begin(), outside.end());
    co_return doubtful;
}

Task<std::vector<Permission>> KubectlCluster::missing_permissions(std::vector<Permission> wanted) {
    if (wanted.empty()) {
        co_return wanted;
    }
    const auto doubtful = co_await in_doubt(wanted);
    std::vector<Task<bool>> questions;
    for (const auto& permission : doubtful) {
        questions.push_back(is_granted(permission));
    }
    const auto granted = co_await all_of(std::move(questions));
    std::vector<Permission> missing;
    for (std::size_t index = 0; index < doubtful.size(); ++index) {
        if (!granted[index]) {
            missing.push_back(doubtful[index]);
        }
    }
    co_return missing;
}

}  // namespace deployctl::plugins::kubectl
