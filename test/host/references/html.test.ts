import { finds } from './found';

describe('images that HTML names', () => {
  finds('html', [
    [
      '<img src="a.png" alt="A &quot;cat&quot;" width="400" height=200px>',
      'a.png "A "cat"" 400x200',
    ],
    ["<IMG SRC='a.png' ALT='x'><p><img src=b.png></p>", 'a.png "x"', 'b.png'],
    ['<template><img src="in.png"></template>', 'in.png'],
    ['<noscript><img src="ns.png"></noscript>', 'ns.png'],
    ['<!-- <img src=no.png> --><p>&lt;img src="no.png"&gt;</p>'],
    ['<img src="" alt="a red apple">', ' "a red apple"'],
    [
      '<img alt="no address"><img src="data:image/gif;base64,AAAA"><img src="#a"><img src="//x.com/a.png">',
    ],
    [
      '<img srcset="a-480.webp 480w, a-800.webp 800w" src="a.png" width="400" height="200">',
      'a-480.webp 480x240',
      'a-800.webp 800x400',
      'a.png 400x200',
    ],
    [
      '<picture><source srcset="a.avif, a@2x.avif 2x" type="image/avif"><source srcset="b.webp"><img src="c.png" alt="a fox" width="30" height="20"></picture>',
      'a.avif "a fox" 30x20',
      'a@2x.avif "a fox" 60x40',
      'b.webp "a fox" 30x20',
      'c.png "a fox" 30x20',
    ],
    ['<img srcset="data:image/png;base64,A,B 1x, c.png 2x">', 'c.png'],
    ['<video poster="p.jpg" title="A film"><source src="a.mp4"></video>', 'p.jpg "A film"'],
    ['<input type="image" src="go.png" alt="Go"><input type="text" src="no.png">', 'go.png "Go"'],
    [
      '<object data="a.svg"></object><object data="a.pdf"></object><embed src="b.png">',
      'a.svg',
      'b.png',
    ],
    [
      '<svg><image href="a.png" width="30" height="20"/><image xlink:href="b.png"/><use href="#c"/></svg>',
      'a.png 30x20',
      'b.png',
    ],
    [
      '<img src="data:image/gif;base64,R0" data-src="lazy.jpg" data-srcset="lazy-2.jpg 2x" alt="later">',
      'lazy.jpg "later"',
      'lazy-2.jpg "later"',
    ],
    ['<div data-bg="bg.webp" data-id="x.png"></div><body background="b.gif">', 'bg.webp'],
    ['<table background="b.gif"></table>', 'b.gif'],
    ['<img ngSrc="cat.jpg" width="64" height="32">', 'cat.jpg 64x32'],
    [
      `<img [src]="'ng.png'"><img :src="wide ? 'v.png' : x"><p :style="{ background: 'url(al.png)' }"></p>`,
      'ng.png',
      'v.png',
      'al.png style',
    ],
    [
      '<img src = "a.png?x=1&y=2" ALT=x><img/src="b.png"/alt="s">',
      'a.png?x=1&y=2 "x"',
      'b.png "s"',
    ],
    ['<img src="  spaced.png  "><img src="images\\win.png">', 'spaced.png', 'images\\win.png'],
    ['<a href="big.png"></a><script src="x.png.js"></script><iframe src="a.html"></iframe>'],
    [
      '<link rel="icon" href="/favicon.ico"><link rel="shortcut icon" href="s.png"><link rel="mask-icon" href="m.svg">',
      '/favicon.ico icon',
      's.png icon',
      'm.svg icon',
    ],
    ['<link rel="apple-touch-icon" sizes="180x180" href="apple.png">', 'apple.png 180x180 icon'],
    [
      '<link rel="preload" as="image" href="h.webp" imagesrcset="h-2.webp 800w"><link rel="preload" as="font" href="f.woff2"><link rel="stylesheet" href="a.css">',
      'h.webp',
      'h-2.webp 800x?',
    ],
    [
      '<head><title>My page</title><meta property="og:image" content="/og.png"><meta property="og:image:width" content="1200"><meta property="og:image:height" content="630"><meta name="twitter:image" content="tw.png"><meta property="og:image" content="https://x.com/a.png">',
      '/og.png "My page" 1200x630 meta',
      'tw.png "My page" meta',
    ],
    [
      '<meta property="og:image" content="o.png"><meta property="og:image:alt" content="a red apple">',
      'o.png "a red apple" meta',
    ],
    [
      '<div style="background: url(\'bg one.png\')" aria-label="A wall"></div><p style="background:url(&quot;q.png&quot;)"></p>',
      'bg one.png "A wall" style',
      'q.png style',
    ],
    ['<div class="bg-[url(\'/img/tw.png\')] p-2"></div>', '/img/tw.png style'],
    ['<style>.a { .b { background: url(c.png) } }</style>', 'c.png style'],
    ['<figure><img src="f.png"><figcaption>A <b>fox</b></figcaption></figure>', 'f.png "A fox"'],
    [
      '<script type="module">import a from "./a.png"; const = ;</script><img src="b.png"><script type="application/ld+json">{"image": "no.png"}</script>',
      './a.png import',
      'b.png',
    ],
    ['<div><p><img src="a.png"<b><img src="b.png"', 'a.png'],
    [
      '<img\r\n src="a.png"\r\n alt="two\r\nlines"><div style="\r\nbackground: url(b.png)">',
      'a.png "two lines"',
      'b.png style',
    ],
    [
      '---\nimage: cover.png\ntitle: "A lighthouse"\n---\n<img src="b.png">',
      'cover.png "A lighthouse"',
      'b.png',
    ],
    [
      '<img src="https://placehold.co/600x400?text=Hi"><img src="https://picsum.photos/200" alt="x" width="50">',
      'https://placehold.co/600x400?text=Hi "Hi" 600x400 placehold.co',
      'https://picsum.photos/200 "x" 50x? picsum.photos',
    ],
  ]);
});

describe('addresses that are computed', () => {
  finds('html', [
    ['<img src="%PUBLIC_URL%/a.png">', '%PUBLIC_URL%/a.png computed'],
    ['<link rel="icon" href="%sveltekit.assets%/f.png">', '%sveltekit.assets%/f.png icon computed'],
    ['<img src="{{site.baseurl}}/a.png" alt="{{ page.alt }}">', '{{site.baseurl}}/a.png computed'],
    [
      '<img src="${base}/a.png"><img src="[name].png">',
      '${base}/a.png computed',
      '[name].png computed',
    ],
    ['<img src="%E4%BD%A0.png"><img src="100%.png">', '%E4%BD%A0.png', '100%.png'],
    [
      '<img src="@/a.png"><img src="~/b.png"><img src="$lib/c.png">',
      '@/a.png alias',
      '~/b.png alias',
      '$lib/c.png alias',
    ],
  ]);
  finds('php', [
    [
      '<?php if ($a > 1): ?><img src="a.png" alt="<?= $x ?>"><?php endif ?><img <?php if ($a > 1) { ?> class="a" <?php } ?> src="b.png" alt="b">',
      'a.png',
      'b.png "b"',
    ],
    [
      '<img src="<?= $u ?>/c.png"><img src=<?= $u ?>>',
      '<?= $u ?>/c.png computed',
      '<?= $u ?> computed',
    ],
    ['<img src="a.png"><?php echo "<img src=no.png>";', 'a.png'],
  ]);
  finds('erb', [
    [
      '<% if a > b %><img src="a.png" alt="<%= t("a > b") %>"><% end %><img src="<%= asset_path \'b.png\' %>" alt="b">',
      'a.png',
      '<%= asset_path \'b.png\' %> "b" computed',
    ],
  ]);
  finds('jinja-html', [
    ['<img src="{% static "img/x.png" %}" alt="logo">', '{% static "img/x.png" %} "logo" computed'],
    ['<img {% if x %}class="a>b"{% endif %} src="b.png" alt="b">', 'b.png "b"'],
  ]);
  finds('handlebars', [['{{#if a}}<img src="e.png" alt="{{t "x"}}">{{/if}}', 'e.png']]);
  finds('razor', [
    [
      '<img src="~/images/a.png"><img src="@Model.Image"><img src=\'@Url.Content("~/b.png")\'>',
      '~/images/a.png alias',
      '@Model.Image computed',
      '@Url.Content("~/b.png") computed',
    ],
  ]);
});
