import Testing

@testable import Base

@Suite struct FailureTests {
    @Test func aSentenceThatBeginsWithAParameterIsAboutIt() {
        #expect(Failure("value", "`smoothness` of register must be above 0, but is -1").argument == "smoothness")
        #expect(Failure("value", "`low` must be below `high`", argument: "high").argument == "high")
        for sentence in ["`f` must be a function, but is 3", "the mask must be one", "`a b` must be one", "`open", "``", ""] {
            let argument = Failure("value", sentence).argument
            #expect(argument == nil || argument == "", "\(sentence)")
        }
    }

    @Test func filesNameThePathUnlessToldOtherwise() {
        #expect(FileAccess.failure("a.nii", mustBe: "an image", but: "it is empty").argument == "path")
        #expect(FileAccess.missing("/no/such/folder/a.nii").argument == "path")
        #expect(FileAccess.missing("", argument: "from").argument == "path")
        #expect(FileAccess.missing("a.nii", argument: "from").argument == "from")
        #expect { try FileAccess.requireFile("/no/such/file") } throws: { ($0 as? Failure)?.code == "file" }
    }

    @Test func whoeverIsAskedToStopIsToldOnce() throws {
        defer { Interruption.flag.pointee = 0 }
        #expect(throws: Never.self) { try Interruption.check() }
        Interruption.request()
        for _ in 0..<2 { #expect { try Interruption.check() } throws: { ($0 as? Failure)?.code == "interrupted" } }
        Interruption.forgetMemory()
        #expect { try Interruption.take() } throws: { ($0 as? Failure)?.code == "interrupted" }
        #expect(throws: Never.self) { try Interruption.take() }
        Interruption.flag.pointee = Interruption.memoryIsUsedUp
        #expect { try Interruption.check() } throws: { ($0 as? Failure)?.code == "memory" }
        Interruption.forgetMemory()
        #expect(throws: Never.self) { try Interruption.check() }
    }

    @Test(arguments: [(0, "0 bytes", "0 B"), (1023, "1023 bytes", "1.0 KB"), (1536, "1.5 KiB", "1.5 KB"), (64_000_000, "61.0 MiB", "64 MB")])
    func amountsHaveTheUnitThatFits(_ bytes: Int, _ binary: String, _ decimal: String) {
        #expect(ByteSize.text(bytes) == binary)
        #expect(ByteSize.decimal(bytes) == decimal)
    }

    @Test func largeAmountsFit() {
        #expect(ByteSize.text(.max) == "8.0 EiB")
        #expect(ByteSize.gigabytes(4e12) == "4000.0 GB")
        #expect(Int.max.timesOrLargest(2) == .max)
        #expect(alternatives(["a"]) == "a" && alternatives(["a", "b", "c"]) == "a, b or c" && alternatives([]).isEmpty)
    }

    @Test func whatIsTooMuchIsRefused() {
        #expect { try MemoryBudget.require(items: MemoryBudget.largestCount + 1, of: 8) } throws: { ($0 as? Failure)?.code == "memory" }
        #expect { try MemoryBudget.require(text: MemoryBudget.largestCount + 1) } throws: { ($0 as? Failure)?.code == "memory" }
        #expect { try MemoryBudget.require(bytes: 1 << 60, "a list") } throws: {
            ($0 as? Failure)?.message.hasPrefix("a list must fit in the memory that is left (") == true
        }
        #expect(throws: Never.self) { try MemoryBudget.require(text: 1 << 20, having: 1 << 19) }
    }
}
