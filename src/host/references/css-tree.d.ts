// The package's types know its whole only; its parts are a tenth as large.
declare module 'css-tree/tokenizer' {
  export { tokenize, tokenTypes } from 'css-tree';
}
declare module 'css-tree/utils' {
  export { string, url } from 'css-tree';
}
