import { finds } from './found';

describe('images that Markdown names', () => {
  finds('markdown', [
    ['![a lighthouse](images/l-800x400.png "Title")', 'images/l-800x400.png "a lighthouse"'],
    [
      '![deep   in a\n  list](<a b.webp>) ![](t.png "Only a title")',
      'a b.webp "deep in a list"',
      't.png "Only a title"',
    ],
    [
      '![by label][l] ![l] ![l][]\n\n[l]: ./my%20l.png "Title"\n[l]: no.png',
      './my%20l.png "by label"',
      './my%20l.png "l"',
      './my%20l.png "l"',
    ],
    ['![t][x] ![][x]\n\n[X]: <a b.png> "Title"', 'a b.png "t"', 'a b.png "Title"'],
    ['![a red fox]()', ' "a red fox"'],
    [
      '`![code](no.png)`\n\n    ![code](no.png)\n\n```\n![code](no.png)\n<img src="no.png">\n```\n<!-- ![c](no.png) -->',
    ],
    [
      '![e](a%20b%2520.png?raw=true#x) ![s](a\\_b\\(1\\).png) ![n](a&amp;b.png)',
      'a%20b%2520.png?raw=true#x "e"',
      'a_b(1).png "s" as a\\_b\\(1\\).png',
      'a&b.png "n" as a&amp;b.png',
    ],
    ['![r](https://x.y/z.png) ![d](data:image/png;base64,AA) ![f](#fragment)'],
    [
      '![p](https://via.placeholder.com/150) ![](https://placehold.co/60x40?text=Hi)',
      'https://via.placeholder.com/150 "p" 150x150 placeholder.com',
      'https://placehold.co/60x40?text=Hi "Hi" 60x40 placehold.co',
    ],
    [
      '![j]({{site.baseurl}}/j.png) ![s](@site/static/x.png) ![h](~/y.png)',
      '{{site.baseurl}}/j.png "j" computed',
      '@site/static/x.png "s" alias',
      '~/y.png "h" alias',
    ],
    [
      '![n|300](n.png) ![m|300x200](m.png) ![a|b](o.png)',
      'n.png "n" 300x?',
      'm.png "m" 300x200',
      'o.png "a|b"',
    ],
    [
      '![c](c.png){width=300 height="200px"} ![d](d.png){: .x width="50%"}',
      'c.png "c" 300x200',
      'd.png "d"',
    ],
    [
      '![[o.png]] ![[p.png|120x80]] ![[q.jpg|A cat]] ![[note]] `![[no.png]]`',
      'o.png',
      'p.png 120x80',
      'q.jpg "A cat"',
    ],
    [
      '[![linked](a.png)](https://x.y)\n\n| a |\n|---|\n| ![cell](b.png) <img src="c.png" width=10> |',
      'a.png "linked"',
      'b.png "cell"',
      'c.png 10x?',
    ],
    [
      '1. ![one](a.png)\n   - ![two](b.png)\n\n     > ![three](c.png)',
      'a.png "one"',
      'b.png "two"',
      'c.png "three"',
    ],
    ['<p align="center">\n  <img src="v.png" alt="v &amp; w">\n</p>', 'v.png "v & w"'],
    [
      'text <picture><source srcset="s.webp"><img src="q.png" alt="in a line"></picture>',
      's.webp "in a line"',
      'q.png "in a line"',
    ],
    [
      '> - <picture>\n>   <source srcset="s.webp"\n>     media="x">\n>   <img src="q.png" alt="in\n>   quote">\n>   </picture>',
      's.webp "in quote"',
      'q.png "in quote"',
    ],
    ['# ![in a heading](h.png)\n\nTerm ![x](x.png)\n===', 'h.png "in a heading"', 'x.png "x"'],
    ['```{figure} myst.png\n:alt: MyST\n:width: 200px\n```', 'myst.png "MyST" 200x?'],
    [
      '---\ntitle: My post\nimage: ./cover.png\n---\n![a](b.png)',
      './cover.png "My post"',
      'b.png "a"',
    ],
    [
      '---\ncover:\n  src: "/a b.jpg"\n  alt: A cat\n  width: 300\nhero: { image: \'h.png\' }\n---\n',
      '/a b.jpg "A cat" 300x?',
      'h.png',
    ],
    [
      '---\nfeatured_image: f.png\nfeatured_image_alt: The sea\nimages:\n  - one.png\n  - two.webp\nurl: https://x.y/z.png\n---\n',
      'f.png "The sea"',
      'one.png "The sea"',
      'two.webp "The sea"',
    ],
    [
      '---\nimage: [a.png\nfoo: : bar\ncover: b.png\n---\n![x](y.png)',
      'a.png',
      'b.png',
      'y.png "x"',
    ],
    [
      '+++\ntitle = "Hugo"\n[cover]\nimage = "img/c.png"\nimages = [\'a.png\']\n+++\n![x](y.png)',
      'img/c.png "Hugo"',
      'a.png "Hugo"',
      'y.png "x"',
    ],
    ['---\nbody: |\n  text.png\nmore: >-\n  b.png\ncover: c.png\n---\n', 'c.png'],
    ['{\n  "title": "A cat",\n  "cover": "c.png"\n}\n\n![x](y.png)', 'c.png "A cat"', 'y.png "x"'],
    ['\uFEFF---\r\ncover: a.png\r\n---\r\n\r\n![x](b.png)\r\n', 'a.png', 'b.png "x"'],
    ['\uFEFF![x](b.png) <img src="c.png">', 'b.png "x"', 'c.png'],
    [
      '{{< figure src="f.png" alt="A fig" width="300" >}} {{% img src=`/g.png` title="G" %}} `{{< figure src="no.png" >}}` {{< ref src="a.md" >}}',
      'f.png "A fig" 300x?',
      '/g.png "G"',
    ],
    ['---\r\nimage: a.png\r\n---\r\n\r\n> <img\r\n> src="b.png">\r\n', 'a.png', 'b.png'],
    ['text\n\n---\n\nimage: no.png\n\n---\n'],
  ]);
});

describe('images that MDX names', () => {
  finds('mdx', [
    [
      '<img src={useBaseUrl("/u.png")} alt="u" /><ThemedImage alt="T" sources={{ light: useBaseUrl("/l.png"), dark: useBaseUrl("/d.png") }} />',
      '/u.png "u"',
      '/l.png "T"',
      '/d.png "T"',
    ],
    [
      "<div style={{ backgroundImage: `url(${require('./bg.png').default})` }} />",
      './bg.png import',
    ],
    [
      "export const L = [\n  { src: './1.png' },\n\n  { src: './2.png' },\n];\n\n{ src: './no.png' }",
      './1.png',
      './2.png',
    ],
    [
      '![a fox](fox.png)\n\n<img src="owl.png" alt={"an owl"} width={64} />\n\n<img src={owl} />\n',
      'fox.png "a fox"',
      'owl.png "an owl" 64x?',
    ],
    [
      "---\nimage: ./fm.png\n---\nimport hero from './hero.png'\nimport { Tabs } from '@theme/Tabs'\n\n# Hi <Image src={hero} alt=\"a hero\" width={300} />",
      './fm.png',
      './hero.png "a hero" 300x? import',
    ],
    [
      "export const meta = { image: '/meta.png', title: 'M' }\n\n![a](a.png)",
      '/meta.png "M"',
      'a.png "a"',
    ],
    [
      '<Tabs items={[1].map((x) => x > 1)}>\n    <img src="in.png" alt="indented"/>\n\n    ![ind](ind.png)\n\n    <div style={{ backgroundImage: `url(bt.png)` }} />\n</Tabs>',
      'in.png "indented"',
      'ind.png "ind"',
      'bt.png style',
    ],
    [
      '{/* <img src="no.png"/> */}\n\n`<img src="no.png"/>`\n\n```jsx\n<img src="no.png"/>\nimport x from "./no.png"\n```\n',
    ],
    ['<img src={require(\'./req.png\').default} alt="req" />', './req.png "req" import'],
    ['![a](a.png) { 1 < 2 } and a <b\n\n<Unclosed src="un.png" \n', 'a.png "a"', 'un.png'],
    ['<img src="a.png" <<<\n\n![still](b.png)', 'a.png', 'b.png "still"'],
    ['{props.x && <Image src="/x.png" alt="x" />}', '/x.png "x"'],
  ]);
});
