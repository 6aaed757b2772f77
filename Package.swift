// swift-tools-version:6.0
import Foundation
import PackageDescription

/// Where libtorch lives: Debian's package, or the folder that TORCH_HOME names (it holds `include` and `lib`).
let torchHome = ProcessInfo.processInfo.environment["TORCH_HOME"].flatMap { $0.isEmpty ? nil : $0 }
let torchHasCUDA = torchHome.map { FileManager.default.fileExists(atPath: "\($0)/lib/libtorch_cuda.so") } ?? false
let torchCompile: [CXXSetting] = [
    .headerSearchPath("../CTorch/include"),
    .unsafeFlags(
        (torchHome.map { ["-isystem", "\($0)/include"] } ?? [])
            + ["-isystem", "\(torchHome ?? "/usr")/include/torch/csrc/api/include"])
] + (torchHome == nil ? [.define("RS4_PRODUCTS_BY_ONEDNN")] : [])
let torchLink: [LinkerSetting] = [
    .unsafeFlags(
        (torchHome.map { ["-L\($0)/lib", "-Xlinker", "-rpath", "-Xlinker", "\($0)/lib"] } ?? [])
            + (torchHasCUDA ? ["-Xlinker", "--no-as-needed", "-ltorch_cuda", "-lc10_cuda", "-Xlinker", "--as-needed"] : [])),
    .linkedLibrary("torch_cpu"), .linkedLibrary("c10"), .unsafeFlags(["-Xlinker", "-Bsymbolic"]),
] + (torchHome == nil ? [.linkedLibrary("dnnl")] : [])
/// Exclusivity is checked in debug builds; release builds leave it out of the machine's inner loop.
let fast: [SwiftSetting] = [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]
/// One release build serves the program and its tests: these targets let tests see their internals in it. The machine is
/// not among them, because the compiler does more with a class that nobody else can see.
let tested: [SwiftSetting] = [.unsafeFlags(["-enable-testing"], .when(configuration: .release))]

let package = Package(
    name: "rs4",
    products: [
        // Opened by CTorch when the first tensor is made, so that everything else starts without libtorch.
        .library(name: "rs4torch", type: .dynamic, targets: ["TorchEngine"]),
        .executable(name: "rs4", targets: ["rs4"]),
        .executable(name: "rs4-fuzz", targets: ["rs4-fuzz"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        .target(name: "Syntax", swiftSettings: tested),
        .target(name: "Machine", dependencies: ["Syntax"], swiftSettings: fast),
        .target(name: "Checker", dependencies: ["Machine", "Syntax"]),
        .target(name: "TorchEngine", cxxSettings: torchCompile, linkerSettings: torchLink),
        .target(name: "CTorch"),
        .target(
            name: "CFiles",
            cSettings: [.unsafeFlags(["-isystem", "/usr/include/hdf5/serial", "-isystem", "/usr/include/nifti"])],
            linkerSettings: ["hdf5_serial", "nifti2", "zip", "z", "xxhash"].map { .linkedLibrary($0) }),
        .target(
            name: "Tensors", dependencies: ["CTorch", "CFiles", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: tested),
        .target(name: "Volumes", dependencies: ["Tensors", "CFiles"], swiftSettings: tested),
        .target(name: "Registration", dependencies: ["Volumes", "Tensors", "CFiles"], swiftSettings: tested),
        .target(name: "Layers", dependencies: ["Tensors"]),
        .target(name: "CGnuplot", linkerSettings: [.linkedLibrary("boost_iostreams"), .linkedLibrary("fontconfig")]),
        .target(name: "Plotting", dependencies: ["CGnuplot", "Tensors"], swiftSettings: tested),
        // Whatever a target imports stands among its dependencies: only then is it built anew when that changes.
        .target(
            name: "Builtins",
            dependencies: ["Machine", "Syntax", "Tensors", "Volumes", "Registration", "Layers", "Plotting", "Pages"], swiftSettings: fast),
        .target(name: "CMarkdown", linkerSettings: [.linkedLibrary("cmark-gfm-extensions"), .linkedLibrary("cmark-gfm")]),
        .target(name: "Pages", dependencies: ["CMarkdown", "Syntax"]),
        .target(name: "CStdlib"),
        .target(name: "Session", dependencies: ["Builtins", "Checker", "CStdlib", "Machine", "Syntax", "Tensors"]),
        .target(name: "Site", dependencies: ["Session", "Machine", "Pages", "Syntax", "Tensors"]),
        .target(name: "Notebook", dependencies: ["Session", "Builtins", "Machine", "Pages", "Syntax", "Tensors"], swiftSettings: tested),
        .systemLibrary(name: "CZeroMQ"),
        .target(
            name: "Jupyter", dependencies: ["CZeroMQ", "Session", "Builtins", "Machine", "Pages", "Syntax", "Tensors"],
            swiftSettings: tested),
        .target(name: "CEditline", linkerSettings: [.linkedLibrary("edit")]),
        .target(name: "REPL", dependencies: ["Session", "Builtins", "Machine", "Syntax", "Tensors", "CEditline"]),
        .executableTarget(
            name: "rs4",
            dependencies: [
                "REPL", "Jupyter", "Notebook", "Site", "Session", "Builtins", "Machine", "Syntax", "Tensors", "CEditline",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .target(name: "Fuzzing", dependencies: ["Syntax", "Tensors"]),
        .executableTarget(
            name: "rs4-fuzz",
            dependencies: ["Fuzzing", "Session", "Machine", "Builtins", "Syntax", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
        .testTarget(name: "SyntaxTests", dependencies: ["Syntax"]),
        .testTarget(name: "FuzzingTests", dependencies: ["Fuzzing", "Syntax"]),
        .testTarget(name: "MachineTests", dependencies: ["Machine", "Syntax"]),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors"]),
        .testTarget(name: "VolumesTests", dependencies: ["Volumes", "Tensors"]),
        .testTarget(name: "RegistrationTests", dependencies: ["Registration", "Volumes", "Tensors"]),
        .testTarget(name: "BuiltinsTests", dependencies: ["Builtins", "Machine", "Registration", "Volumes", "Tensors"]),
        .testTarget(name: "PagesTests", dependencies: ["Pages", "Syntax"]),
        .testTarget(name: "JupyterTests", dependencies: ["Jupyter", "Machine", "Syntax"]),
        .testTarget(name: "SiteTests", dependencies: ["Site", "Session", "Builtins", "Machine", "Pages", "Syntax"]),
        .testTarget(name: "SessionTests", dependencies: ["Session", "Machine", "Syntax"]),
        .testTarget(name: "PlottingTests", dependencies: ["Plotting", "Tensors"]),
    ],
    swiftLanguageModes: [.v5],
    cxxLanguageStandard: torchHome == nil ? .cxx17 : .cxx20
)
