// SPDX-License-Identifier: Apache-2.0
// Is the image that is deployed still what the registry has under its name, and has the right one
// signed it? A tag that is gone, or that has another digest by now, fails. The signature is
// cosign's business: it is asked about the digest, by key or by identity and issuer; without a
// digest that is an error, since a tag can move between the two questions. A registry that does not
// answer, and a cosign that is not there or that could not look, are errors.
#pragma once

#include "gates/gate.hpp"

namespace deployctl::gates {

bool wants_signature(const ImageQuestion& question);
/// Of an image with a digest.
Command command_of(const ImageQuestion& question, const ImageRef& image);
/// Pure, both of them.
Verdict judge(const ImageRef& image, const TagAnswer& answer);
Verdict judge_signature(
    const ImageQuestion& question, const ImageRef& image, const CommandResult& result
);

class ImageGate final : public Gate {
public:
    ImageGate(const Sources& sources, ImageQuestion question)
        : registry_(sources.outside.registry),
          process_(sources.outside.process),
          question_(std::move(question)) {}

    Task<Verdict> sample(Subjects subjects) override;

private:
    Registry& registry_;
    Process& process_;
    ImageQuestion question_;
};

}  // namespace deployctl::gates
