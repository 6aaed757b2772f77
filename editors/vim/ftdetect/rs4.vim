autocmd BufRead,BufNewFile *.rs4 setfiletype rs4
