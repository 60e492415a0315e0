# SPDX-License-Identifier: Apache-2.0
"""The parts of a lab, one file each."""
