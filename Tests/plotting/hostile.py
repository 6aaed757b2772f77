"""Fifty texts that would do something if gnuplot, an SVG's reader, a shell or a terminal took them for more than text."""


def texts(mark):
    """The texts; each that runs a command makes the file `mark`."""
    touch = f"touch {mark}"
    return [
        # Commands of gnuplot and of the shell
        f"'; system('{touch}'); '",
        f'"; system("{touch}"); "',
        f"`{touch}`",
        f"$({touch})",
        f"\n!{touch}\n",
        f"'\nsystem '{touch}'\n#",
        f"\\'; system(\"{touch}\") \\",
        f"@system('{touch}')",
        f"\r\n!{touch}\r\n",
        f"\u0085!{touch}\u2028!{touch}\u2029",
        f"x' ; set output '{mark}' ; plot x ; '",
        f"\" ; set print '{mark}' ; print 1 ; \"",
        f"\\\n!{touch}",
        f"' . system('{touch}') . '",
        f"\" . system(\"{touch}\") . \"",
        f"sprintf('%s', system('{touch}'))",
        f"; load '< {touch}'",
        f"'< {touch}' using 1",
        f"| {touch}",
        f"& {touch} &",
        f"; {touch} #",
        f"${{{touch}}}",
        f"eval \"system('{touch}')\"",
        f"\\140{touch}\\140",
        f"\\047; system(\\047{touch}\\047)",
        # Quotes and strings that do not end
        "'", '"', "''", '""', "\\", "x' \\", '\\"', "```", "it's `date` \"x\" \\",
        # Formats
        "%s%s%s%n", "%d %f %g %%", "%100000$n", "%1.2e %t %l %c",
        # Gnuplot's markup
        "{/Symbol a}_{b}^{c}@{x}&{y}~a{.8-}", "a_b^c {/=99 huge}",
        # Markup
        "<script>alert(1)</script>", "</text><script>alert(1)</script><text>", "<foreignObject><b onload='x()'></b></foreignObject>",
        "]]><!--<![CDATA[&lt;&amp;&#60;script&#62;", "<image href='file:///etc/passwd'/>&entity;",
        # Control, format and forbidden characters
        "\x1b]0;title\x07\x1b[2J\x1b[31mred", "a\0b\x01\x02\x7f\x9b31m", "\u202eright to left\u202c\u200b\ufeff",
        "\ufffe\uffff\U0001f9e0", "ä" * 300 + "\n" + "long " * 200,
    ]
