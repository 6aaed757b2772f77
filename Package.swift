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
        .target(name: "CBase", linkerSettings: [.linkedLibrary("xxhash")]),
        .target(
            name: "Base", dependencies: ["CBase", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: tested + fast),
        .target(name: "Syntax", swiftSettings: tested),
        .target(name: "Machine", dependencies: ["Base", "Syntax"], swiftSettings: fast),
        .target(name: "Checker", dependencies: ["Base", "Machine", "Syntax"]),
        .target(name: "TorchEngine", cxxSettings: torchCompile, linkerSettings: torchLink),
        .target(name: "CTorch"),
        .target(
            name: "CFiles",
            cSettings: [.unsafeFlags(["-isystem", "/usr/include/hdf5/serial", "-isystem", "/usr/include/nifti"])],
            linkerSettings: ["hdf5_serial", "nifti2", "zip", "z"].map { .linkedLibrary($0) }),
        .target(
            name: "Tensors", dependencies: ["Base", "CTorch", "CFiles"],
            swiftSettings: tested),
        .target(name: "Volumes", dependencies: ["Base", "Tensors", "CFiles"], swiftSettings: tested),
        .target(name: "Registration", dependencies: ["Base", "Volumes", "Tensors", "CFiles"], swiftSettings: tested),
        .target(name: "Layers", dependencies: ["Base", "Tensors"]),
        .target(name: "CGnuplot", linkerSettings: [.linkedLibrary("boost_iostreams"), .linkedLibrary("fontconfig")]),
        .target(name: "Plotting", dependencies: ["Base", "CGnuplot"], swiftSettings: tested),
        .target(name: "Figures", dependencies: ["Base", "Plotting", "Registration", "Volumes", "Tensors"]),
        // Whatever a target imports stands among its dependencies: only then is it built anew when that changes.
        .target(
            name: "Builtins",
            dependencies: ["Base", "Machine", "Syntax", "Tensors", "Volumes", "Registration", "Layers", "Plotting", "Figures", "Pages"],
            swiftSettings: fast),
        .target(name: "CMarkdown", linkerSettings: [.linkedLibrary("cmark-gfm-extensions"), .linkedLibrary("cmark-gfm")]),
        .target(name: "Pages", dependencies: ["CMarkdown", "Syntax"]),
        .target(name: "CStdlib"),
        .target(name: "Session", dependencies: ["Base", "Builtins", "Checker", "CStdlib", "Machine", "Syntax"]),
        .target(name: "Site", dependencies: ["Base", "Session", "Machine", "Pages", "Syntax"]),
        .target(name: "Notebook", dependencies: ["Base", "Session", "Builtins", "Machine", "Pages", "Syntax"], swiftSettings: tested),
        .systemLibrary(name: "CZeroMQ"),
        .target(
            name: "Jupyter", dependencies: ["Base", "CZeroMQ", "Session", "Builtins", "Machine", "Pages", "Syntax"],
            swiftSettings: tested),
        .target(name: "CEditline", dependencies: ["CBase"], linkerSettings: [.linkedLibrary("edit")]),
        .target(name: "REPL", dependencies: ["Base", "Session", "Builtins", "Machine", "Syntax", "CEditline"]),
        .executableTarget(
            name: "rs4",
            dependencies: [
                "REPL", "Jupyter", "Notebook", "Site", "Session", "Builtins", "Machine", "Syntax", "Tensors", "Base",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .target(name: "Fuzzing", dependencies: ["Base", "Syntax"]),
        .executableTarget(
            name: "rs4-fuzz",
            dependencies: ["Base", "Fuzzing", "Session", "Machine", "Builtins", "Syntax", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
        .testTarget(name: "BaseTests", dependencies: ["Base"]),
        .testTarget(name: "SyntaxTests", dependencies: ["Syntax"]),
        .testTarget(name: "FuzzingTests", dependencies: ["Fuzzing", "Syntax"]),
        .testTarget(name: "MachineTests", dependencies: ["Base", "Machine", "Syntax"]),
        .testTarget(name: "TensorsTests", dependencies: ["Base", "Tensors"]),
        .testTarget(name: "VolumesTests", dependencies: ["Base", "Volumes", "Tensors"]),
        .testTarget(name: "RegistrationTests", dependencies: ["Base", "Registration", "Volumes", "Tensors"]),
        .testTarget(name: "BuiltinsTests", dependencies: ["Base", "Builtins", "Machine", "Registration", "Volumes", "Tensors"]),
        .testTarget(name: "PagesTests", dependencies: ["Pages", "Syntax"]),
        .testTarget(name: "JupyterTests", dependencies: ["Base", "Jupyter", "Machine", "Syntax"]),
        .testTarget(name: "SiteTests", dependencies: ["Site", "Session", "Builtins", "Machine", "Pages", "Syntax"]),
        .testTarget(name: "SessionTests", dependencies: ["Base", "Session", "Machine", "Syntax"]),
        .testTarget(name: "FiguresTests", dependencies: ["Base", "Figures", "Plotting", "Registration", "Volumes", "Tensors"]),
        .testTarget(name: "PlottingTests", dependencies: ["Base", "Plotting", "Tensors"]),
    ],
    swiftLanguageModes: [.v5],
    cxxLanguageStandard: torchHome == nil ? .cxx17 : .cxx20
)
