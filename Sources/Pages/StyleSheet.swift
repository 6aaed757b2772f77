/// The look of RS4's pages: light and dark as the reader's system asks, readable on a phone and on paper.
public enum StyleSheet {
    public static let text = """
        :root {
          color-scheme: light dark;
          --paper: #ffffff; --ink: #1f2328; --faint: #59636e; --line: #d1d9e0; --shade: #f6f8fa; --link: #0858bd;
          --keyword: #a0111f; --constant: #0550ae; --string: #0a3069; --comment: #59636e; --function: #6639ba;
          --type: #953800; --label: #116329;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #0d1117; --ink: #e6edf3; --faint: #9198a1; --line: #3d444d; --shade: #161b22; --link: #6cb0ff;
            --keyword: #ff7b72; --constant: #79c0ff; --string: #a5d6ff; --comment: #9198a1; --function: #d2a8ff;
            --type: #ffa657; --label: #7ee787;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body {
          margin: 0 auto; padding: 0 1rem 3rem; max-width: 52rem; background: var(--paper); color: var(--ink);
          font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; overflow-wrap: break-word;
        }
        a { color: var(--link); text-decoration: none; }
        a:hover, a:focus { text-decoration: underline; }
        h1, h2, h3, h4 { line-height: 1.25; margin: 1.8em 0 0.5em; }
        h1 { font-size: 1.8rem; margin-top: 1.2rem; }
        h2 { font-size: 1.3rem; padding-bottom: 0.2em; border-bottom: 1px solid var(--line); }
        h3 { font-size: 1.1rem; }
        h3.room { font-family: monospace; color: inherit; }
        h4 { font-size: 1rem; }
        code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 0.875em; }
        code { background: var(--shade); padding: 0.1em 0.3em; border-radius: 4px; }
        pre {
          background: var(--shade); border: 1px solid var(--line); border-radius: 6px; padding: 0.7rem 0.9rem;
          overflow-x: auto; line-height: 1.45;
        }
        pre code { background: none; padding: 0; font-size: 1em; }
        .signature pre { white-space: pre-wrap; }
        pre.output { border-left: 4px solid var(--line); margin-top: -0.6rem; }
        table { border-collapse: collapse; display: block; overflow-x: auto; max-width: 100%; }
        th, td { border: 1px solid var(--line); padding: 0.3rem 0.6rem; text-align: left; vertical-align: top; }
        th { background: var(--shade); }
        td.amount { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        td.word { white-space: nowrap; }
        caption { text-align: left; font-weight: 600; padding: 0.3rem 0; }
        figure { margin: 1.2rem 0; }
        figure img { display: block; background: #ffffff; border: 1px solid var(--line); border-radius: 6px; }
        figcaption, .note { color: var(--faint); font-size: 0.9rem; margin-top: 0.4rem; }
        blockquote { margin: 1em 0; padding-left: 1em; border-left: 4px solid var(--line); color: var(--faint); }
        img, svg { max-width: 100%; height: auto; }
        hr { border: 0; border-top: 1px solid var(--line); }
        .keyword { color: var(--keyword); }
        .constant, .number { color: var(--constant); }
        .string { color: var(--string); }
        .comment, .documentation { color: var(--comment); font-style: italic; }
        .function, pre a.function { color: var(--function); }
        .type, pre a.type { color: var(--type); }
        .label { color: var(--label); }
        pre a { text-decoration: underline dotted; text-underline-offset: 0.2em; }
        nav.top {
          display: flex; flex-wrap: wrap; gap: 0.4rem 1rem; align-items: center; padding: 0.7rem 0;
          border-bottom: 1px solid var(--line); position: relative;
        }
        nav.top .home { font-weight: 700; color: var(--ink); }
        nav.top .search { margin-left: auto; position: relative; }
        nav.top input {
          font: inherit; padding: 0.25rem 0.6rem; width: 15rem; max-width: 100%; border: 1px solid var(--line);
          border-radius: 6px; background: var(--paper); color: var(--ink);
        }
        .found {
          position: absolute; right: 0; z-index: 1; margin: 0.2rem 0 0; padding: 0; list-style: none; width: 24rem;
          max-width: 92vw; max-height: 70vh; overflow-y: auto; background: var(--paper); border: 1px solid var(--line);
          border-radius: 6px; box-shadow: 0 4px 16px rgb(0 0 0 / 25%);
        }
        .found:empty { display: none; }
        .found a { display: block; padding: 0.35rem 0.7rem; color: var(--ink); }
        .found a:hover, .found a:focus, .found a.chosen { background: var(--shade); text-decoration: none; }
        .found small, .home-of { color: var(--faint); }
        .found small { display: block; }
        .names { columns: 12rem; padding-left: 1.2rem; }
        .names li { break-inside: avoid; }
        nav.turn { display: flex; justify-content: space-between; gap: 1rem; margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 0.7rem; }
        @media (max-width: 40rem) {
          nav.top .search { margin-left: 0; width: 100%; }
          nav.top input { width: 100%; }
          .found { left: 0; right: auto; }
          pre { padding: 0.6rem; }
        }
        @media screen and (prefers-color-scheme: dark) {
          /* Drawings become light on dark, each colour keeping its hue; slices keep their greys, and are dimmed. */
          figure img[src^="data:image/svg"] { filter: invert(0.9) hue-rotate(180deg); }
          figure img[src^="data:image/png"] { filter: brightness(0.85); }
        }
        @media print {
          :root {
            color-scheme: light;
            --paper: #ffffff; --ink: #000000; --faint: #444444; --line: #bbbbbb; --shade: #ffffff; --link: #000000;
            --keyword: #000000; --constant: #000000; --string: #000000; --comment: #444444; --function: #000000;
            --type: #000000; --label: #000000;
          }
          body { max-width: none; padding: 0; font-size: 10pt; }
          nav.top, nav.turn { display: none; }
          pre { white-space: pre-wrap; break-inside: avoid; }
          table { display: table; overflow: visible; font-size: 9pt; }
          tr, figure { break-inside: avoid; }
          figure img { max-height: 20cm; object-fit: contain; }
          h1, h2, h3 { break-after: avoid; }
          .keyword { font-weight: 700; }
        }

        """
}
