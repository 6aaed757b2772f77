import Builtins
import Foundation
import Machine
import Syntax

extension Notebook {
    /// The notebook as Jupyter keeps it (nbformat 4.5), with what the cells gave. Cells that did not run stand in it as well.
    public func jupyter() -> String {
        var count = 0
        let cells = self.cells.enumerated().map { place, cell -> JSONForm in
            if cell.kind == .code { count += 1 }
            return Notebook.json(cell, count: count, isLast: place == self.cells.count - 1)
        }
        var about: [String: JSONForm] = ["version": .string(Versions.rs4)]
        if !settings.isEmpty {
            about["settings"] = .object(Dictionary(settings.map { ($0.name, .string($0.value)) }, uniquingKeysWith: { $1 }))
        }
        return JSONForm.object([
            "cells": .array(cells),
            "metadata": .object([
                "kernelspec": .object(["display_name": .string("RS4"), "language": .string("rs4"), "name": .string("rs4")]),
                "language_info": .object(LanguageInfo.fields.mapValues { .string($0) }),
                "rs4": .object(about),
            ]),
            "nbformat": .integer(4),
            "nbformat_minor": .integer(5),
        ]).text
    }

    private static func json(_ cell: NotebookCell, count: Int, isLast: Bool) -> JSONForm {
        let source = JupyterSource.source(of: cell)
        var about: [String: JSONForm] = [:]
        if JupyterSource.script(of: source, kind: cell.kind, isLast: isLast) != cell.script { about["script"] = .lines(cell.script) }
        if let seconds = cell.seconds { about["seconds"] = .float((seconds * 1000).rounded() / 1000) }
        var fields: [String: JSONForm] = [
            "cell_type": .string(cell.kind == .markdown ? "markdown" : "code"), "id": .string(cell.identifier),
            "metadata": .object(about.isEmpty ? [:] : ["rs4": .object(about)]), "source": .lines(source),
        ]
        if cell.kind == .code {
            fields["execution_count"] = cell.seconds == nil ? .null : .integer(count)
            fields["outputs"] = .array(cell.outputs.flatMap { json($0, count: count) })
        }
        return .object(fields)
    }

    private static func json(_ output: NotebookOutput, count: Int) -> [JSONForm] {
        switch output {
        case .printed(let text):
            return [.object(["name": .string("stdout"), "output_type": .string("stream"), "text": .lines(text)])]
        case .shown(let forms):
            return [.object(bundle(forms).merging(["output_type": .string("display_data")]) { $1 })]
        case .value(let forms):
            let kind: [String: JSONForm] = ["output_type": .string("execute_result"), "execution_count": .integer(count)]
            return [.object(bundle(forms).merging(kind) { $1 })]
        case .failed(let diagnostics):
            return diagnostics.map { diagnostic in
                let rendered = DiagnosticRenderer(usesColour: true, width: 100).render(diagnostic)
                return .object([
                    "ename": .string(diagnostic.code), "evalue": .string(diagnostic.message), "output_type": .string("error"),
                    "traceback": .array(rendered.split(separator: "\n", omittingEmptySubsequences: false).map { .string(String($0)) }),
                ])
            }
        }
    }

    /// `data` and `metadata`: bytes in base 64 on one line, text as lines, the width of pictures beside them.
    private static func bundle(_ forms: [MIMEItem]) -> [String: JSONForm] {
        var data: [String: JSONForm] = [:]
        var about: [String: JSONForm] = [:]
        for form in forms {
            switch form.content {
            case .text(let text): data[form.type] = .lines(text)
            case .data(let bytes): data[form.type] = .string(Data(bytes).base64EncodedString())
            }
            if let width = form.width { about[form.type] = .object(["width": .integer(Int(width.rounded()))]) }
        }
        return ["data": .object(data), "metadata": .object(about)]
    }
}
