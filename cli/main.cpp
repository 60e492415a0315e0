// SPDX-License-Identifier: Apache-2.0
// The program: to be wired.
int main() {
    return 0;
}
