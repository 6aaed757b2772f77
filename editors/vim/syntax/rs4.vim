" RS4, the language for segmentation taught by registration.
if exists("b:current_syntax")
  finish
endif
syntax case match
syntax sync fromstart

" Words after a point or before a colon are names of fields and arguments.
syntax match rs4Keyword /\.\@1<!\<\%(let\|fn\|if\|else\|for\|in\|while\|break\|continue\|match\|try\|catch\|raise\|return\|assert\|and\|or\|not\)\>\%(\s*:\)\@!/
syntax match rs4Constant /\.\@1<!\<\%(true\|false\|nil\)\>\%(\s*::\@!\s\)\@!/
syntax match rs4Declaration /^\s*\zs\%(record\|model\|param\|use\)\ze\s\+[[:alpha:]_"]/
syntax match rs4Number /\<\%(0x[0-9A-Fa-f][0-9A-Fa-f_]*\|0b[01][01_]*\|\d[0-9_]*\%(\.\d[0-9_]*\)\?\%([eE][+-]\?\d[0-9_]*\)\?\)/
syntax match rs4Type /\<[A-Z]\w*/
syntax match rs4Function /\%(\<fn\s\+\)\@<=\h\w*/
syntax match rs4Operator /|>\|=>\|->\|\.\.<\|\.\.\./

syntax region rs4Value contained matchgroup=rs4Brace start=/{/ end=/}/ contains=@rs4Code,rs4Format
syntax match rs4Format contained /:[^}"{]*}\@=/
" After rs4Value: of two that begin in one place Vim takes the later one.
syntax match rs4Escape contained /\\u{[0-9A-Fa-f]\+}\|\\.\|{{\|}}/
syntax region rs4String start=/"/ end=/"\|$/ contains=rs4Escape,rs4Value
syntax region rs4String start=/"""/ end=/"""/ contains=rs4Escape,rs4Value

" Brackets keep the colons inside them from being taken for a format.
syntax region rs4Group contained transparent start=/(/ end=/)/ contains=@rs4Code
syntax region rs4Group contained transparent start=/\[/ end=/\]/ contains=@rs4Code
syntax region rs4Group contained transparent start=/{/ end=/}/ contains=@rs4Code
syntax cluster rs4Code contains=rs4Keyword,rs4Constant,rs4Number,rs4Type,rs4Operator,rs4String,rs4Group

syntax match rs4Comment /#.*$/ contains=rs4Todo
syntax match rs4Documentation /^\s*\zs##.*$/
syntax match rs4Cell /^\s*\zs# %%.*$/

highlight default link rs4Keyword Keyword
highlight default link rs4Declaration Statement
highlight default link rs4Constant Constant
highlight default link rs4Number Number
highlight default link rs4Type Type
highlight default link rs4Function Function
highlight default link rs4Operator Operator
highlight default link rs4String String
highlight default link rs4Escape SpecialChar
highlight default link rs4Brace Delimiter
highlight default link rs4Format SpecialChar
highlight default link rs4Comment Comment
highlight default link rs4Documentation SpecialComment
highlight default link rs4Cell Title

let b:current_syntax = "rs4"
