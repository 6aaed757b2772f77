" RS4: two blanks a level, `#` comments, cells as sections.
if exists("b:did_ftplugin")
  finish
endif
let b:did_ftplugin = 1
setlocal comments=:##,:# commentstring=#\ %s
setlocal expandtab shiftwidth=2 softtabstop=2 textwidth=120 formatoptions-=t
setlocal makeprg=rs4\ check\ %
" [[ and ]] go to the cell before and after.
nnoremap <buffer> <silent> ]] /^# %%<CR>:nohlsearch<CR>
nnoremap <buffer> <silent> [[ ?^# %%<CR>:nohlsearch<CR>
let b:undo_ftplugin = "setlocal comments< commentstring< expandtab< shiftwidth< softtabstop< textwidth< formatoptions< makeprg< | silent! nunmap <buffer> ]] | silent! nunmap <buffer> [["
