// SPDX-License-Identifier: Apache-2.0
// One Kubernetes cluster and namespace, as the engine sees it. Writes never throw for what the API
// server says: the answer is a value, and `unknown` means that nobody knows whether it happened
// (settle it by `get`). Reads throw Error{stopped_watching} where the server cannot be reached.
// Used from the engine's thread; one call of `look` costs no request once the watches run.
#pragma once

#include "model/json_patch.hpp"
#include "model/kubernetes/object.hpp"
#include "model/kubernetes/world.hpp"
#include "model/time.hpp"
#include "ports/task.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl {

enum class WriteAnswer {
    done,
    conflict,  ///< a `test` failed, or the object exists already: read again
    not_found,
    forbidden,  ///< no permission
    invalid,    ///< refused for what it says: validation, admission, quota
    throttled,  ///< 429 or 5xx before it was applied: send the same again
    unknown,    ///< no answer: may or may not have been applied
};

const char* to_text(WriteAnswer answer);

struct WriteReply {
    WriteAnswer answer{};
    Value object;         ///< as it stands after `done`
    std::string message;  ///< the server's words, otherwise
    std::optional<Duration> retry_after;
};

struct ClusterIdentity {
    std::string uid;             ///< of the namespace kube-system
    std::string server_version;  ///< "v1.35.4"
};

/// Of the namespace, or of the whole cluster, kinds without a namespace included.
enum class Reach { own_namespace, everywhere };

/// "patch deployments in shop": what SelfSubjectAccessReview is asked.
struct Permission {
    std::string verb;
    std::string group;
    std::string resource;  ///< "pods/proxy" for a subresource
    Reach reach = Reach::own_namespace;
};

/// A list is told in pages: of a large cluster nobody can keep every pod.
struct ListQuery {
    Kind kind{};
    Reach reach = Reach::own_namespace;
    std::string after = {};  ///< `next` of the page before; empty: from the beginning
};

struct ListPage {
    std::vector<Value> items;
    std::string next = {};  ///< empty: it was the last
};

struct LogQuery {
    std::string pod;
    std::string container;
    int lines = 40;
    enum class Run { present, previous } run = Run::present;
    /// Where shown, a line begins with its RFC 3339 time and a blank.
    enum class Times { left_out, shown } times = Times::left_out;
    std::optional<Duration> since = std::nullopt;  ///< only the lines of the last so long
    Duration timeout = seconds(10);
};

/// A GET to a port of a pod, through the API server.
struct PodRequest {
    std::string pod;
    int port = 0;
    std::string path;
    Duration timeout = seconds(3);
};

struct PodAnswer {
    int status = 0;       ///< 0: no answer
    std::string body;     ///< at most 64 KiB of it
    std::string failure;  ///< why there is no answer
    Duration took{};
    /// Whose trouble it is that there is none. The way's (the API server, the connection to it)
    /// says nothing about the pod.
    enum class Trouble { pod, way } trouble = Trouble::pod;

    bool is_lost() const { return status == 0 && trouble == Trouble::way; }
};

class Cluster {
public:
    virtual ~Cluster() = default;
    virtual Task<ClusterIdentity> identify() = 0;
    /// A quorum read; nothing where the object is not there.
    virtual Task<std::optional<Value>> get(ObjectRef ref) = 0;
    virtual Task<ListPage> list(ListQuery query) = 0;
    virtual Task<WriteReply> patch(ObjectRef ref, JsonPatch changes) = 0;
    /// What `patch` would make of the object, with the server's defaults and its objections;
    /// nothing changes.
    virtual Task<WriteReply> rehearse(ObjectRef ref, JsonPatch changes) = 0;
    virtual Task<WriteReply> create(ObjectRef ref, Value object) = 0;
    /// Deletes only the object with this uid and resource version.
    virtual Task<WriteReply> remove(
        ObjectRef ref, std::string uid, std::string resource_version
    ) = 0;
    /// Everything as of the last change that the watches brought.
    virtual Task<World> look() = 0;
    /// Ends when something has changed since the last `look`, or after `at_most`.
    virtual Task<> wait_for_change(Duration at_most) = 0;
    /// The last lines. Throws Error{blocked} where the permission is missing.
    virtual Task<std::vector<std::string>> log(LogQuery query) = 0;
    /// All side by side; their answers in the same order.
    virtual Task<std::vector<PodAnswer>> ask_pods(std::vector<PodRequest> requests) = 0;
    /// Those of the permissions that are not granted.
    virtual Task<std::vector<Permission>> missing_permissions(std::vector<Permission> wanted) = 0;
};

/// All of a kind that the namespace has.
Task<std::vector<Value>> list_all(Cluster& cluster, Kind kind);

}  // namespace deployctl
