# How every target is compiled: one standard, one set of warnings, optional sanitizers.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

find_program(DEPLOYCTL_CCACHE ccache)
if(DEPLOYCTL_CCACHE)
    # Precompiled headers are cached only when their time macros and times are ignored; paths are taken
    # relative to the source folder, so that a clone elsewhere finds the same entries.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
        CCACHE_NOHASHDIR=true
        ${DEPLOYCTL_CCACHE}
    )
endif()

find_program(DEPLOYCTL_MOLD mold)
if(DEPLOYCTL_MOLD)
    add_link_options(-fuse-ld=mold)
endif()

add_library(deployctl_options INTERFACE)
target_compile_options(deployctl_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # Optimised, GCC 12 warns of overlapping, too long or misplaced copies in `"text" + std::string` (GCC bug
    # 105651), and of Asio's coroutine frames, whose operator new calls a function that its delete pairs with.
    target_compile_options(
        deployctl_options INTERFACE -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds -Wno-mismatched-new-delete
    )
endif()
if(DEPLOYCTL_WERROR)
    target_compile_options(deployctl_options INTERFACE -Werror)
endif()
target_include_directories(deployctl_options INTERFACE ${CMAKE_SOURCE_DIR})

if(DEPLOYCTL_SANITIZE)
    # Reports name functions and lines; all of -g takes a quarter longer to compile. Unoptimised, the checks of
    # the sanitizers take longer to compile than with -Og, and several times longer to run.
    add_compile_options(-g1 -Og)
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
endif()
