import { finds } from './found';

describe('images that style sheets name', () => {
  finds('css', [
    ['.a { background: url("a-1200x400.webp"); src: url(f.woff2) }', 'a-1200x400.webp style'],
    [
      '.a { .b { background: url( a.png ) } &:hover .c { background: URL(B.PNG) } }',
      'a.png style',
      'B.PNG style',
    ],
    ["@media (x) { @supports (y) { .a { --bg: url('v.svg#a') } } }", 'v.svg#a style'],
    [
      '.a { background: image-set("a.png" 1x, url(b.png) 2x, "c.avif" type("image/avif")) }',
      'a.png style',
      'b.png style',
      'c.avif style',
    ],
    [
      '.a { mask: -webkit-image-set(url(m.png) 1x), cross-fade(url(n.png), url(o.png)) }',
      'm.png style',
      'n.png style',
      'o.png style',
    ],
    [
      '.a { background: url(a\\ b.png), url("q\\"x.png") }',
      'a b.png style as a\\ b.png',
      'q"x.png style as q\\"x.png',
    ],
    ['/* url(no.png) */ @import url("a.css"); @import "b.css"; .a { content: "no.png" }'],
    ['.a { background: url(data:image/png;base64,AAAA), url(https://x.com/a.png) }'],
    [
      '.a { color: ; } .b { background: url(b.png) } } .c { background: url(c.png) }',
      'b.png style',
      'c.png style',
    ],
    ['.a { background: url("un.png', 'un.png style'],
    ['.a { background: url(a.png; } .b { background: url(b.png) }', 'b.png style'],
    [
      '.hero { cursor: url(c.ico), auto; background: url(/img/a.png?v=2) }',
      'c.ico style',
      '/img/a.png?v=2 style',
    ],
  ]);
  finds('scss', [
    ['.a { .b { background: url("x.png"); } }', 'x.png style'],
    ['nav { a:hover { background: url("y.png") } }', 'y.png style'],
    ["// don't stop\n.a { // it's url(no.png)\n background: url(a.png) }", 'a.png style'],
    ['// a /* no comment\n.a { background: url(a.png) }', 'a.png style'],
    [
      '$bg: url("x.png"); $hero: \'h.png\' !default; .a { background: url($hero) }',
      'x.png style',
      'h.png style',
    ],
    [
      '.a { background: url(#{$path}/i.png), url("#{$p}/j.png"), url(//x.com/z.png) }',
      '#{$path}/i.png style computed',
      '#{$p}/j.png style computed',
    ],
    [
      '@include m($u: url(m.png)); @function f() { @return url("z.png") }',
      'm.png style',
      'z.png style',
    ],
    ['.a { .b { background: url(last.png)', 'last.png style'],
  ]);
  finds('less', [
    [
      '@hero: "hero.png"; .m() { .n { background: url(\'b.png\') } }',
      'hero.png style',
      'b.png style',
    ],
    ['.a { background: url("@{img}/a.png") }', '@{img}/a.png style computed'],
    [
      ".g when (@a > 1) { background: url(c.png) } // can't\n.d { .m(); background+: url(d.png) }",
      'c.png style',
      'd.png style',
    ],
    ['.e { width: ~"calc(100% - @{w})"; background: data-uri(\'e.png\') }', 'e.png style'],
  ]);
  finds('sass', [
    [
      '.a\n  .b\n    background: url(s.png) // don\'t\n  background: url("t.png")\n',
      's.png style',
      't.png style',
    ],
  ]);
  finds('stylus', [['.a\n  background url(s.png)\n', 's.png style']]);
});
