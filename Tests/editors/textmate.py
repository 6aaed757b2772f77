"""Enough of a TextMate engine to run a grammar over a text: match, begin/end, captures, includes."""

import re


class Rule:
    def __init__(self, source):
        self.name = source.get("name", "")
        self.include = source.get("include")
        self.match = re.compile(source["match"]) if "match" in source else None
        self.begin = re.compile(source["begin"]) if "begin" in source else None
        self.end = re.compile(source["end"]) if "end" in source else None
        self.captures = source.get("captures", {})
        self.begin_captures = source.get("beginCaptures", {})
        self.end_captures = source.get("endCaptures", {})
        self.patterns = [Rule(one) for one in source.get("patterns", [])]


class Grammar:
    def __init__(self, source):
        self.top = Rule({"patterns": source["patterns"]})
        self.repository = {name: Rule(one) for name, one in source["repository"].items()}

    def _flat(self, patterns):
        for rule in patterns:
            if rule.include:
                yield from self._flat(self.repository[rule.include.lstrip("#")].patterns)
            elif rule.match or rule.begin:
                yield rule
            else:
                yield from self._flat(rule.patterns)

    def scopes(self, text):
        """A list with the names that apply at each character, outermost first, as one string."""
        result, stack = [], [self.top]
        for line in text.splitlines(keepends=True):
            shown, place = [" ".join(rule.name for rule in stack)] * len(line), 0
            while place <= len(line):
                end = stack[-1].end.search(line, place) if stack[-1].end else None
                best, chosen = end, None
                for rule in self._flat(stack[-1].patterns):
                    found = (rule.match or rule.begin).search(line, place)
                    if found and found.end() >= found.start() and (best is None or found.start() < best.start()):
                        best, chosen = found, rule
                inside = " ".join(rule.name for rule in stack)
                stop = best.start() if best else len(line)
                shown[place:stop] = [inside] * (stop - place)
                if best is None:
                    break
                if chosen is None:
                    captures, name = stack[-1].end_captures, inside
                    stack.pop()
                else:
                    captures = chosen.captures if chosen.match else chosen.begin_captures
                    name = inside + " " + chosen.name
                    if chosen.begin:
                        stack.append(chosen)
                shown[best.start():best.end()] = [name] * (best.end() - best.start())
                for number, capture in captures.items():
                    first, last = best.span(int(number))
                    shown[first:last] = [name + " " + capture["name"]] * (last - first)
                if best.end() == place and chosen is not None and chosen.match:
                    place += 1
                else:
                    place = best.end()
                    if best.start() == best.end() and place >= len(line):
                        break
            result += shown
        return result
