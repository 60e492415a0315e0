// SPDX-License-Identifier: Apache-2.0
#include "gates/image_gate.hpp"

#include "documents/json.hpp"
#include "model/image.hpp"
#include "ports/printed.hpp"

#include <algorithm>
#include <array>

namespace deployctl::gates {

namespace {

constexpr std::string_view a_signature = "a signature of the right one";

Value evidence_of(const ImageRef& image) {
    return Value::map({{"image", to_text(image)}});
}

Verdict error(const ImageRef& image, const std::string& measured, const std::string& why) {
    return {Answer::error, why, measured, "", evidence_of(image)};
}

/// What a tag that has been found proves.
Verdict judge_digest(const ImageRef& image, const std::string& found) {
    Verdict verdict{Answer::pass, "", found, image.digest, evidence_of(image)};
    verdict.evidence.set("/found", found);
    if (image.digest.empty()) {
        verdict.limit = "any digest";
        verdict.reason = to_text(image) + " is there; it is deployed by its tag, which may move";
    } else if (found != image.digest) {
        verdict.answer = Answer::fail;
        verdict.reason = image.repository + ":" + image.tag +
                         " is another image by now than the one that is deployed";
    } else {
        verdict.reason =
            image.repository + (image.tag.empty() ? "" : ":" + image.tag) + " is what is deployed";
    }
    return verdict;
}

/// cosign's own codes for what it has looked at and not found; 1 is anything, its last words tell.
bool says_unsigned(const CommandResult& result) {
    constexpr std::array codes{10, 11, 12, 13};
    constexpr std::array<std::string_view, 3> words{
        "no signatures found", "no matching signatures", "no matching attestations"
    };
    return std::ranges::count(codes, result.exit_code) > 0 ||
           std::ranges::any_of(words, [&](std::string_view text) {
               return result.error_output.find(text) != std::string::npos;
           });
}

/// It joins what went wrong on its way into the same words: an outage is no missing signature.
bool tells_of_an_outage(const CommandResult& result) {
    constexpr std::array<std::string_view, 8> words{
        "dial tcp",
        "no such host",
        "connection re",
        "timeout",
        "deadline exceeded",
        "EOF",
        "TLS handshake",
        "too many requests",
    };
    return std::ranges::any_of(words, [&](std::string_view text) {
        return result.error_output.find(text) != std::string::npos;
    });
}

/// It prints what has been signed: that must be this image.
bool tells_of(const ImageRef& image, const CommandResult& result) {
    const auto told = documents::try_read_json(result.output);
    const auto hash = image.digest.substr(image.digest.find(':') + 1);
    return told && told->is_array() && !told->items().empty() &&
           result.output.find(hash) != std::string::npos;
}

Verdict signature_error(const ImageRef& image, const std::string& measured, std::string why) {
    auto verdict = error(image, measured, std::move(why));
    verdict.limit = a_signature;
    return verdict;
}

}  // namespace

bool wants_signature(const ImageQuestion& question) {
    return !question.cosign_key.empty() || !question.cosign_identity.empty();
}

Command command_of(const ImageQuestion& question, const ImageRef& image) {
    Command command;
    command.argv = {"cosign", "verify", "--output", "json"};
    if (!question.cosign_key.empty()) {
        command.argv.insert(command.argv.end(), {"--key", question.cosign_key});
    } else {
        command.argv.insert(
            command.argv.end(),
            {"--certificate-identity",
             question.cosign_identity,
             "--certificate-oidc-issuer",
             question.cosign_issuer}
        );
    }
    command.argv.push_back(image.repository + "@" + image.digest);
    command.timeout = question.timeout;
    return command;
}

Verdict judge(const ImageRef& image, const TagAnswer& answer) {
    switch (answer.kind) {
        case TagAnswer::Kind::found: return judge_digest(image, answer.digest);
        case TagAnswer::Kind::no_such_tag:
            return {
                Answer::fail,
                one_line(answer.message) + ": new pods could not pull it",
                "no such image",
                image.digest.empty() ? "any digest" : image.digest,
                evidence_of(image),
            };
        case TagAnswer::Kind::unreachable:
            return error(image, "no answer", "the registry: " + one_line(answer.message));
    }
    return {};
}

Verdict judge_signature(
    const ImageQuestion& question, const ImageRef& image, const CommandResult& result
) {
    if (result.end == CommandResult::End::not_started) {
        return signature_error(
            image,
            "not asked",
            "cosign does not start (" + one_line(result.error_output) +
                "); install it where deployctl runs, or take the cosign keys out of the gate"
        );
    }
    const auto ended = how_it_ended(question.timeout, result);
    if (result.end != CommandResult::End::exited) {
        return signature_error(image, "cosign: " + ended, last_words(result));
    }
    if (result.exit_code != 0 && says_unsigned(result) && !tells_of_an_outage(result)) {
        return {
            Answer::fail,
            to_text(image) + ": " + last_words(result),
            "no signature that counts",
            std::string(a_signature),
            evidence_of(image),
        };
    }
    if (result.exit_code != 0) {
        return signature_error(image, "cosign: " + ended, last_words(result));
    }
    if (!tells_of(image, result)) {
        return signature_error(
            image, "cosign: " + ended, "what it prints does not name the digest that is deployed"
        );
    }
    Verdict verdict{Answer::pass, "", "signed", std::string(a_signature), evidence_of(image)};
    verdict.reason = to_text(image) + " is signed";
    return verdict;
}

Task<Verdict> ImageGate::sample(Subjects subjects) {
    const auto name = subjects.names.find("image");
    const auto image = read_image(name == subjects.names.end() ? "" : name->second);
    if (image.repository.empty()) {
        co_return error(image, "not asked", "which image is deployed is not known");
    }
    if (wants_signature(question_) && image.digest.empty()) {
        co_return signature_error(
            image,
            "not asked",
            to_text(image) +
                " is deployed by its tag, which can move to another image; write "
                "`app.image.digest: require`"
        );
    }
    const auto answer = co_await registry_.resolve(image);
    auto verdict = judge(image, answer);
    if (verdict.answer != Answer::pass || !wants_signature(question_)) {
        co_return verdict;
    }
    const auto command = command_of(question_, image);
    const auto result = co_await process_.run(command);
    co_return judge_signature(question_, image, result);
}

}  // namespace deployctl::gates
