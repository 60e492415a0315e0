// SPDX-License-Identifier: Apache-2.0
#include "state/file_system.hpp"

#include "tests/state/fixture.hpp"

#include <catch2/catch.hpp>

using namespace deployctl::state;
using namespace deployctl::tests;

TEST_CASE("network file systems are known by their magic, FUSE ones by their mount", "[state]") {
    CHECK(network_file_system(0x6969, "") == "nfs");
    CHECK(network_file_system(0xFF534D42, "") == "cifs");
    CHECK(network_file_system(0x01021997, "") == "9p");
    CHECK(network_file_system(0x65735546, "fuse.sshfs") == "fuse.sshfs");
    CHECK_FALSE(network_file_system(0x65735546, "fuse.fuse-overlayfs"));
    CHECK_FALSE(network_file_system(0x65735546, "fuseblk"));
    CHECK_FALSE(network_file_system(0xEF53, "ext4"));
    CHECK_FALSE(network_file_system(0x01021994, "tmpfs"));
}

TEST_CASE(
    "a path belongs to the innermost mount that holds it, the last one made there", "[state]"
) {
    const auto* const mounts =
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        "30 22 0:40 / /home/ada rw - fuse.sshfs ada@far:/home rw\n"
        "31 30 0:41 / /home/ada/near\\040by rw master:1 - tmpfs tmpfs rw\n"
        "32 22 0:42 / /mnt rw - ext4 /dev/sdb rw\n"
        "33 32 0:43 / /mnt rw - fuse.rclone far: rw\n"
        "broken line\n";
    CHECK(mount_type(mounts, "/var/lib") == "ext4");
    CHECK(mount_type(mounts, "/home/ada/.local/state") == "fuse.sshfs");
    CHECK(mount_type(mounts, "/home/adam") == "ext4");
    CHECK(mount_type(mounts, "/home/ada/near by/x") == "tmpfs");
    CHECK(mount_type(mounts, "/mnt/x") == "fuse.rclone");
    CHECK(mount_type("", "/x").empty());
}

TEST_CASE("a new file has its name only once it is whole, and never another's", "[state]") {
    const TempFolder folder;
    const auto file = folder / "copy";
    {
        const Draft left(file);
        write_text(left.place(), "half");
        CHECK_FALSE(std::filesystem::exists(file));
    }
    CHECK(std::filesystem::is_empty(folder / ""));
    Draft first(file);
    Draft second(file);
    write_text(first.place(), "first");
    write_text(second.place(), "second");
    CHECK(first.publish());
    CHECK_FALSE(second.publish());
    CHECK(read_text(file) == "first");
}
