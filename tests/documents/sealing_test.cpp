// SPDX-License-Identifier: Apache-2.0
#include "documents/sealing.hpp"

#include "documents/sealed_stream.hpp"
#include "model/error.hpp"
#include "tests/fakes/sealing_keys.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::documents;
using namespace deployctl::tests;
using Catch::Contains;

namespace {

constexpr std::size_t piece = 1UL << 20U;

std::string complaint_about(const std::string& certificate, WallTime now) {
    try {
        seal("text", certificate, now);
    } catch (const Error& error) {
        CHECK(error.exit() == ExitCode::usage);
        CHECK(!error.help().empty());
        return error.what();
    }
    return "none";
}

std::string sealed_file(const std::string& plain, std::size_t at_once) {
    StreamSealer sealer(curve_certificate, while_certificates_are_good);
    std::string sealed;
    for (std::size_t at = 0; at < plain.size(); at += at_once) {
        sealed += sealer.take(std::string_view(plain).substr(at, at_once));
    }
    return sealed + sealer.finish();
}

std::string opened_file(
    std::string_view sealed, std::size_t at_once, const std::string& key = curve_key
) {
    StreamOpener opener(key);
    std::string plain;
    for (std::size_t at = 0; at < sealed.size(); at += at_once) {
        plain += opener.take(sealed.substr(at, at_once));
    }
    return plain + opener.finish();
}

/// Digits that tell where they stand.
std::string plain_of(std::size_t size) {
    std::string text;
    while (text.size() < size) {
        text += std::to_string(text.size()) + " ";
    }
    text.resize(size);
    return text;
}

}  // namespace

TEST_CASE("what is sealed is opened by the key of its certificate alone", "[documents][sealing]") {
    const auto plain = plain_of(100'000);
    const auto now = while_certificates_are_good;
    const auto for_curve = seal(plain, curve_certificate, now);
    const auto for_rsa = seal(plain, rsa_certificate, now);
    CHECK(for_curve.find(plain.substr(0, 100)) == std::string::npos);
    CHECK(open_sealed(for_curve, curve_key) == plain);
    CHECK(open_sealed(for_rsa, rsa_key) == plain);
    CHECK_THROWS_WITH(open_sealed(for_curve, other_key), Contains("sealed for another key"));
    CHECK_THROWS_WITH(open_sealed(for_rsa, curve_key), Contains("sealed for another key"));
    CHECK_THROWS_WITH(open_sealed(for_curve, locked_curve_key), Contains("passphrase"));
    CHECK_THROWS_WITH(open_sealed(for_curve, curve_certificate), Contains("no private key"));
}

TEST_CASE("the same text is sealed to other bytes each time", "[documents][sealing]") {
    const auto now = while_certificates_are_good;
    CHECK(seal("text", curve_certificate, now) != seal("text", curve_certificate, now));
    CHECK(open_sealed(seal("", curve_certificate, now), curve_key).empty());
}

TEST_CASE("no changed byte gives another text", "[documents][sealing]") {
    const auto sealed = seal("the whole text", curve_certificate, while_certificates_are_good);
    int refused = 0;
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        auto changed = sealed;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        try {
            const auto text = open_sealed(changed, curve_key);
            CHECK(text == "the whole text");
        } catch (const Error&) {
            ++refused;
        }
    }
    CHECK(refused > 100);
    for (std::size_t size = 0; size < sealed.size(); ++size) {
        CHECK_THROWS_AS(open_sealed(sealed.substr(0, size), curve_key), Error);
    }
}

TEST_CASE("a certificate that cannot be used says why", "[documents][sealing]") {
    const auto now = while_certificates_are_good;
    const auto late = *read_rfc3339("2050-01-01T00:00:00Z");
    const auto early = *read_rfc3339("2020-01-01T00:00:00Z");
    CHECK(complaint_about(curve_certificate, now) == "none");
    CHECK_THAT(complaint_about(curve_certificate, late), Contains("has expired on Nov"));
    CHECK_THAT(complaint_about(curve_certificate, early), Contains("is not valid before Nov"));
    CHECK_THAT(complaint_about(signing_certificate, now), Contains("have keyAgreement"));
    CHECK_THAT(complaint_about(weak_certificate, now), Contains("1024 bits"));
    CHECK_THAT(complaint_about(edwards_certificate, now), Contains("encrypts nothing"));
    CHECK_THAT(complaint_about(curve_key, now), Contains("no certificate in PEM"));
    CHECK_THAT(complaint_about("", now), Contains("no certificate in PEM"));
}

TEST_CASE("a file is sealed and opened in pieces of any size", "[documents][sealing]") {
    const auto size =
        GENERATE(as<std::size_t>(), 0, 1, piece - 1, piece, piece + 1, 2 * piece, 3 * piece + 17);
    const auto plain = plain_of(size);
    const auto sealed = sealed_file(plain, 300'001);
    CHECK(opened_file(sealed, 70'003) == plain);
    CHECK(opened_file(sealed, sealed.size()) == plain);
}

TEST_CASE(
    "a sealed file that is changed, cut or rearranged does not open", "[documents][sealing]"
) {
    const auto plain = plain_of(3 * piece);
    const auto sealed = sealed_file(plain, piece);
    const auto whole = piece + 16;
    const auto head = sealed.size() - 3 * whole;
    CHECK(opened_file(sealed, piece) == plain);

    auto changed = sealed;
    changed[head + whole + 5] = static_cast<char>(changed[head + whole + 5] ^ 1);
    CHECK_THROWS_WITH(opened_file(changed, piece), Contains("has been changed"));
    CHECK_THROWS_WITH(opened_file(sealed, piece, other_key), Contains("another key"));
    // Without its last piece, without a part of it, with another one after it.
    const std::string_view all = sealed;
    CHECK_THROWS_AS(opened_file(all.substr(0, head + 2 * whole), piece), Error);
    CHECK_THROWS_AS(opened_file(all.substr(0, sealed.size() - 1), piece), Error);
    CHECK_THROWS_AS(opened_file(all.substr(0, head), piece), Error);
    CHECK_THROWS_AS(opened_file(all.substr(0, head / 2), piece), Error);
    CHECK_THROWS_AS(opened_file("", piece), Error);
    CHECK_THROWS_AS(opened_file(sealed + sealed.substr(head), piece), Error);
    const auto swapped = sealed.substr(0, head) + sealed.substr(head + whole, whole) +
                         sealed.substr(head, whole) + sealed.substr(head + 2 * whole);
    CHECK_THROWS_AS(opened_file(swapped, piece), Error);
    CHECK_THROWS_WITH(opened_file("PGDMP" + sealed, piece), Contains("not what deployctl has"));
    // A size of the sealed key that nothing has.
    auto endless = sealed;
    endless[19] = '\xff';
    CHECK_THROWS_AS(opened_file(endless, piece), Error);
}
