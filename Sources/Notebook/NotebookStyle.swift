import Pages

/// The look of a notebook's page, on top of that of all pages.
enum NotebookStyle {
    static let text = StyleSheet.text + """
        .cell { margin: 1rem 0; }
        .cell > pre, .cell > .output { margin: 0.4rem 0; }
        .cell pre.output { border-left: 4px solid var(--line); background: none; margin-top: 0.4rem; }
        .cell pre.value { border-left-color: var(--link); }
        .cell pre.output { white-space: pre-wrap; overflow-wrap: anywhere; }
        .cell pre.columns { white-space: pre; overflow-wrap: normal; }
        @media screen { .cell pre.output { max-height: 32rem; overflow: auto; } }
        div.table { overflow-x: auto; }
        div.table td, div.table th { overflow-wrap: normal; }
        div.table th { white-space: nowrap; }
        figure.output { overflow-x: auto; }
        li:has(> input) { list-style: none; }
        div.table .text { min-width: 14rem; }
        pre.diagnostic { border-left: 4px solid var(--keyword); }
        .diagnostic .error { color: var(--keyword); font-weight: 700; }
        .diagnostic .warning { color: var(--type); font-weight: 700; }
        .diagnostic .strong { font-weight: 700; }
        .diagnostic .gutter { color: var(--link); }
        .diagnostic .mark { color: var(--keyword); }
        .seconds { margin: 0.2rem 0 0; text-align: right; color: var(--faint); font-size: 0.8rem; }
        .contents { border: 1px solid var(--line); border-radius: 6px; padding: 0.5rem 1rem; margin: 1rem 0; }
        .contents p { margin: 0; font-weight: 700; }
        .contents ul { list-style: none; margin: 0.3rem 0; padding: 0; }
        .contents .level-2 { padding-left: 1rem; }
        .contents .level-3 { padding-left: 2rem; }
        .stopped { border-left: 4px solid var(--keyword); padding-left: 0.7rem; }
        footer { margin-top: 3rem; padding-top: 0.5rem; border-top: 1px solid var(--line); }
        @media print {
          div.table, figure.output { overflow: hidden; }
          /* Paper does not scroll: cells break between words. */
          div.table th, div.table td { white-space: normal; }
          div.table .text { min-width: 0; }
          .contents { break-inside: avoid; }
        }

        """
}
