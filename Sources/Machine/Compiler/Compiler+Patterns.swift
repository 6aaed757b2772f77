import Syntax

extension Compiler {
    func compileMatch(_ subject: Expression, _ arms: [MatchArm], into target: Int, mayRead: Bool) {
        let result = mayRead ? builder.newRegister() : target
        let holder = builder.newRegister()
        compile(subject, into: holder)
        var ends: [Int] = []
        for arm in arms {
            var exits: [Int] = []
            inScope {
                // Names of an arm are local even at the top level: the scope is no longer the outermost.
                destructure(arm.pattern, holder, orElse: &exits)
                if let condition = arm.condition { exits += compileJumps(unless: condition) }
                compile(arm.body, into: result)
            }
            ends.append(builder.emitWide(.jump, 0, 0))
            for exit in exits { builder.patch(exit) }
        }
        builder.emit(.noMatch, holder, at: subject.span)
        for end in ends { builder.patch(end) }
        builder.emit(.clear, holder)
        if mayRead {
            builder.emit(.take, target, result)
        }
    }

    func destructure(_ pattern: Pattern, _ holder: Int, orElse exits: UnsafeMutablePointer<[Int]>?) {
        switch pattern.kind {
        case .wildcard: break
        case .name(let name): bind(name, from: holder)
        case .literal(let expression):
            let value = builder.newRegister()
            if case .range = expression.kind {
                compile(expression, into: value)
                let inside = builder.newRegister()
                builder.emit(.contains, inside, holder, value, at: pattern.span)
                leave(builder.emitWide(.jumpIfFalse, inside, 0, at: pattern.span), exits)
            } else {
                compile(expression, into: value)
                builder.emit(.testEqual, holder, value, 0, at: pattern.span)
                leave(builder.emitWide(.jump, 0, 0), exits)
            }
        case .list(let parts, let rest):
            let first = reserve(parts.count + (rest == nil ? 0 : 1))
            fit(.list(count: parts.count, hasRest: rest != nil, first: first), holder, pattern.span, exits)
            for (position, part) in parts.enumerated() { destructure(part, first + position, orElse: exits) }
            if let rest { bind(rest.text, from: first + parts.count) }
        case .map(let entries):
            let first = reserve(entries.count)
            fit(.keys(entries.map(\.key.text), first: first), holder, pattern.span, exits)
            for (position, entry) in entries.enumerated() { destructure(entry.pattern, first + position, orElse: exits) }
        case .record(let name, let parts):
            let type = builder.newRegister()
            compile(Expression(.name(name.text), name.span), into: type)
            let first = reserve(parts.count)
            fit(.record(name: name.text, type: type, count: parts.count, first: first), holder, pattern.span, exits)
            for (position, part) in parts.enumerated() { destructure(part, first + position, orElse: exits) }
        }
    }

    private func reserve(_ count: Int) -> Int {
        let first = builder.nextRegister
        for _ in 0..<count { _ = builder.newRegister() }
        return first
    }

    /// Emits the test of a compound pattern; without `exits` a value that does not fit is an error.
    private func fit(_ parts: Prototype.PatternParts, _ holder: Int, _ span: Span, _ exits: UnsafeMutablePointer<[Int]>?) {
        builder.prototype.patterns.append(parts)
        builder.emitWide(.matchParts, holder, builder.prototype.patterns.count - 1, flags: exits == nil ? 1 : 0, at: span)
        if let exits {
            exits.pointee.append(builder.emitWide(.jump, 0, 0))
        } else {
            builder.emitWide(.jump, 0, 0)
        }
    }

    private func leave(_ jump: Int, _ exits: UnsafeMutablePointer<[Int]>?) {
        if let exits {
            exits.pointee.append(jump)
        } else {
            builder.patch(jump)
        }
    }
}
