import assert from 'node:assert/strict';
import type { LinkStyle } from '../../../src/host/languages';
import { placeLink } from '../../../src/host/links/link-text';

const PARTS = { href: 'a/x.png', alt: 'a cat' };
const MARKDOWN = '![a cat](a/x.png)';
const HTML = '<img src="a/x.png" alt="a cat">';
const JSX = '<img src="a/x.png" alt="a cat" />';
const DECLARATION = 'background-image: url("a/x.png");';

/** A document with the cursor at `¦`, or with `‹…¦›` selected, once the link was placed there. */
function placed(style: LinkStyle, marked: string, parts = PARTS): string {
  const isSelected = marked.includes('‹');
  const withoutEnd = marked.replace('›', '');
  const start = withoutEnd.indexOf('‹');
  const withCursor = withoutEnd.replace('‹', '');
  const offset = withCursor.indexOf('¦');
  const text = withCursor.replace('¦', '');
  const from = isSelected ? start : offset;
  const {
    offset: at,
    length = 0,
    text: link,
  } = placeLink(text, offset, isSelected, style, parts, from);
  return text.slice(0, at) + link + text.slice(at + length);
}

type Cases = readonly (readonly [string, string])[];

const TABLE = '| a | b |\n|---|---|\n';

const CASES: Readonly<Record<string, readonly [LinkStyle, Cases]>> = {
  'text of Markdown': ['markdown', [
    ['¦', MARKDOWN],
    ['see ¦ there', `see ${MARKDOWN} there`],
    ['text¦', `text ${MARKDOWN}`],
    ['\\¦', `\\ ${MARKDOWN}`],
    ['(¦)', `(${MARKDOWN})`],
    ['[¦](b.md)', `[${MARKDOWN}](b.md)`],
    ['text\n¦\nmore', `text\n${MARKDOWN}\n\nmore`],
    ['text\n¦', `text\n${MARKDOWN}`],
    ['a\n\n¦b\n', `a\n\n${MARKDOWN}\n\nb\n`],
    ['\n¦', `\n${MARKDOWN}`],
    ['***\n¦', `***\n${MARKDOWN}`],
    ['a\r\n¦\r\nb\r\n', `a\r\n${MARKDOWN}\n\r\nb\r\n`],
    ['‹one¦› two', `one ${MARKDOWN} two`],
    ['‹one¦›\r\ntwo', `one\n\n${MARKDOWN}\r\ntwo`],
    ['text[^¦1] more', `text[^1] ${MARKDOWN} more`],
    ['x[^1]\n\n[^1]: foot\n\n    more¦\n', `x[^1]\n\n[^1]: foot\n\n    more ${MARKDOWN}\n`],
  ]],
  'headings of Markdown': ['markdown', [
    ['# One¦', `# One\n\n${MARKDOWN}`],
    ['# One¦\ntext', `# One\n\n${MARKDOWN}\n\ntext`],
    ['# ‹One¦›\n\ntext', `# One\n\n${MARKDOWN}\n\ntext`],
    ['# ¦', `# ${MARKDOWN}`],
    ['# One\n¦', `# One\n${MARKDOWN}`],
    ['text\n¦# H\n', `text\n\n${MARKDOWN}\n\n# H\n`],
    ['Title¦\n=====\n', `Title\n=====\n\n${MARKDOWN}\n`],
    ['Title\n¦=====\n', `Title\n=====\n\n${MARKDOWN}\n`],
    ['‹Title¦›\n---\n\ntext', `Title\n---\n\n${MARKDOWN}\n\ntext`],
  ]],
  'lists of Markdown': ['markdown', [
    ['- ¦', `- ${MARKDOWN}`],
    ['- one\n¦- two\n', `- one\n  ${MARKDOWN}\n- two\n`],
    ['¦- one\n', `${MARKDOWN}\n\n- one\n`],
    ['- one\n- ‹two¦›\n- three', `- one\n- two\n\n  ${MARKDOWN}\n- three`],
    ['10. ‹one¦›\n', `10. one\n\n    ${MARKDOWN}\n`],
    ['- [ ] ‹one¦›', `- [ ] one\n\n  ${MARKDOWN}`],
    ['- a\n  - ‹b¦›\n', `- a\n  - b\n\n    ${MARKDOWN}\n`],
    ['- a\n¦\n- b\n', `- a\n\n  ${MARKDOWN}\n\n- b\n`],
    ['-¦', `- ${MARKDOWN}`],
    ['- a\n*¦\n', `- a\n* ${MARKDOWN}\n`],
    ['- a\n  ¦\n- b', `- a\n\n  ${MARKDOWN}\n\n- b`],
    ['- a\n    - b\n    ¦\n', `- a\n    - b\n\n    ${MARKDOWN}\n`],
  ]],
  'quotes of Markdown': ['markdown', [
    ['> ¦', `> ${MARKDOWN}`],
    ['> a\n¦> b\n', `> a\n> ${MARKDOWN}\n>\n> b\n`],
    ['¦> a\n', `${MARKDOWN}\n\n> a\n`],
    ['> ‹a¦›\n', `> a\n>\n> ${MARKDOWN}\n`],
    ['> - ‹a¦›\n', `> - a\n>\n>   ${MARKDOWN}\n`],
    ['> a\n> ¦\n> b', `> a\n> ${MARKDOWN}\n> b`],
    ['> a\n¦\n', `> a\n\n${MARKDOWN}\n`],
  ]],
  'tables of Markdown': ['markdown', [
    [`${TABLE}| c¦ | d |\n`, `${TABLE}| c ${MARKDOWN} | d |\n`],
    [`${TABLE}| ‹c¦› | d |\n`, `${TABLE}| c ${MARKDOWN} | d |\n`],
    [`${TABLE}¦| c | d |\n`, `${TABLE}| ${MARKDOWN} c | d |\n`],
    [`${TABLE}| c | d |¦\n`, `${TABLE}| c | d ${MARKDOWN} |\n`],
    ['| a | b |\n|---|¦---|\n| c | d |\n', `${TABLE}| c | d |\n\n${MARKDOWN}\n`],
    [`¦${TABLE}| c | d |\n`, `${MARKDOWN}\n\n${TABLE}| c | d |\n`],
    [`${TABLE}| c | d |\n¦\n`, `${TABLE}| c | d |\n\n${MARKDOWN}\n`],
    ['a | b\n--|--\nc¦ | d\n', `a | b\n--|--\nc ${MARKDOWN} | d\n`],
  ]],
  'code of Markdown': ['markdown', [
    ['```\n¦\n```\n', '```\na/x.png\n```\n'],
    ['~~~sh\nopen ¦\n~~~\n', '~~~sh\nopen a/x.png\n~~~\n'],
    ['> ```\n> ¦\n> ```\n', '> ```\n> a/x.png\n> ```\n'],
    ['```js¦\n```\n', `${MARKDOWN}\n\n\`\`\`js\n\`\`\`\n`],
    ['```\ncode\n```¦\n', `\`\`\`\ncode\n\`\`\`\n\n${MARKDOWN}\n`],
    ['`co¦de`', '`coa/x.pngde`'],
    ['    co¦de\n', '    coa/x.pngde\n'],
    ['<!-- ¦ -->', '<!-- a/x.png -->'],
  ]],
  'addresses of Markdown': ['markdown', [
    ['![x](¦)', '![x](a/x.png)'],
    ['![x](old.png¦)', '![x](a/x.png)'],
    ['![x](ol¦d.png "title")', '![x](a/x.png "title")'],
    ['![x](<o¦ld (1).png>)', '![x](<a/x.png>)'],
    ['![x](‹old¦›)', '![x](a/x.png)'],
    ['![x¦]()', '![x](a/x.png)'],
    ['![x¦](old.png)', `![x](old.png) ${MARKDOWN}`],
    ['[text](¦)', '[text](a/x.png)'],
    ['[text](b.md¦)', `[text](b.md) ${MARKDOWN}`],
    ['[logo]: ¦', '[logo]: a/x.png'],
    ['[logo]:¦', '[logo]: a/x.png'],
    ['> [logo]: <¦>', '> [logo]: <a/x.png>'],
    ['[logo]: old.png¦ "title"', '[logo]: a/x.png "title"'],
    ['[^1]: ¦', `[^1]: ${MARKDOWN}`],
    ['![[¦]]', '![[a/x.png]]'],
    ['![[ol¦d.png|300]]', '![[a/x.png|300]]'],
    ['{{< figure src="¦" >}}', '{{< figure src="a/x.png" >}}'],
    ['{% include fig.html src="old.png¦" %}', '{% include fig.html src="a/x.png" %}'],
    ['{{< toc¦ >}} x', `{{< toc >}}${HTML} x`],
  ]],
  'HTML in Markdown': ['markdown', [
    ['<p align="center">\n  ¦\n</p>\n', `<p align="center">\n  ${HTML}\n</p>\n`],
    ['<p align="center">¦</p>\n', `<p align="center">${HTML}</p>\n`],
    ['<div>\n\n¦\n\n</div>', `<div>\n\n${MARKDOWN}\n\n</div>`],
    ['<div>a</div>\n¦\n', `<div>a</div>\n\n${MARKDOWN}\n`],
    ['<img ¦>', '<img src="a/x.png" alt="a cat">'],
    ['<img src="¦" width="9">', '<img src="a/x.png" width="9">'],
    ['<style>\na { background: ¦ }\n</style>', '<style>\na { background: url("a/x.png") }\n</style>'],
  ]],
  'YAML front matter': ['markdown', [
    ['---\nimage: ¦\n---\n', '---\nimage: a/x.png\n---\n'],
    ['---\nimage:¦\n---\n', '---\nimage: a/x.png\n---\n'],
    ['---\nimage: "¦"\n---\n', '---\nimage: "a/x.png"\n---\n'],
    ["---\nimage: 'old.png¦'\n---\n", "---\nimage: 'a/x.png'\n---\n"],
    ['---\nimage: old.png¦\n---\n', '---\nimage: a/x.png\n---\n'],
    ['---\ncover:\n  image: ¦\n  alt: x\n---\n', '---\ncover:\n  image: a/x.png\n  alt: x\n---\n'],
    ['---\nimages:\n  - ¦\n---\n', '---\nimages:\n  - a/x.png\n---\n'],
    ['---\nimages: [b.png, ¦]\n---\n', '---\nimages: [b.png, a/x.png]\n---\n'],
    ['---\ntitle: My post¦\n---\n', '---\ntitle: My post\nimage: a/x.png\n---\n'],
    ['---\ncover:\n  title: My¦\n  alt: x\n---\n', '---\ncover:\n  title: My\n  alt: x\nimage: a/x.png\n---\n'],
    ['---\nlist:\n  - a¦\n  - b\n---\n', '---\nlist:\n  - a\n  - b\nimage: a/x.png\n---\n'],
    ['---\n¦\n---\n', '---\nimage: a/x.png\n---\n'],
    ['¦---\na: b\n---\n\nx', `---\na: b\n---\n${MARKDOWN}\n\nx`],
    ['---\na: b\n---¦\nx', `---\na: b\n---\n${MARKDOWN}\n\nx`],
  ]],
  'TOML front matter': ['markdown', [
    ['+++\nimage = ¦\n+++\n', '+++\nimage = "a/x.png"\n+++\n'],
    ['+++\nimage =¦\n+++\n', '+++\nimage = "a/x.png"\n+++\n'],
    ['+++\nimage = "old.png¦"\n+++\n', '+++\nimage = "a/x.png"\n+++\n'],
    ['+++\nimages = ["b.png", ¦]\n+++\n', '+++\nimages = ["b.png", "a/x.png"]\n+++\n'],
    ['+++\nimages = [\n  ¦\n]\n+++\n', '+++\nimages = [\n  "a/x.png"\n]\n+++\n'],
    ['+++\ntitle = "x"¦\n+++\n', '+++\ntitle = "x"\nimage = "a/x.png"\n+++\n'],
    ['¦+++\na = 1\n+++\nx', `+++\na = 1\n+++\n${MARKDOWN}\n\nx`],
  ]],
  'JSON front matter': ['markdown', [
    ['{\n  "a": "x",\n  "image": ¦\n}\n\nx', '{\n  "a": "x",\n  "image": "a/x.png"\n}\n\nx'],
    ['{\n  "image": "¦"\n}\n', '{\n  "image": "a/x.png"\n}\n'],
    ['{\n  "a": "x"¦\n}\n', '{\n  "image": "a/x.png",\n  "a": "x"\n}\n'],
    ['{\n¦\n}\n', '{\n"image": "a/x.png"\n}\n'],
    ['{\n  "a": 1\n¦\n}\n', '{\n  "a": 1,\n  "image": "a/x.png"\n\n}\n'],
  ]],
  MDX: ['mdx', [
    ['import x from "¦"', 'import x from "./a/x.png"'],
    ['import a from "b"\n\n¦\n', `import a from "b"\n\n${MARKDOWN}\n`],
    ['<Card>\n\n¦\n\n</Card>', `<Card>\n\n${MARKDOWN}\n\n</Card>`],
    ['<Card img="¦" />', '<Card img="a/x.png" />'],
    ['<Card img={¦} />', '<Card img={"a/x.png"} />'],
    ['<Hero ¦/>', '<Hero src="a/x.png" alt="a cat"/>'],
    ['{isOn && ¦}', `{isOn && ${JSX}}`],
    ['a {b} ¦', `a {b} ${MARKDOWN}`],
    ['<div style={{ backgroundImage: ¦ }} />', '<div style={{ backgroundImage: "url(a/x.png)" }} />'],
    ['import a from "b"¦\nimport c from "d"\n\ntext', `import a from "b"\nimport c from "d"\n\n${MARKDOWN}\n\ntext`],
    ['- item\n\n  <Card>\n  ¦\n  </Card>', `- item\n\n  <Card>\n\n  ${MARKDOWN}\n\n  </Card>`],
  ]],
  HTML: ['html', [
    ['<body>\n  ¦\n</body>', `<body>\n  ${HTML}\n</body>`],
    ['<p>‹one¦›</p>', `<p>one ${HTML}</p>`],
    ['<img src="¦" alt="x">', '<img src="a/x.png" alt="x">'],
    ['<img src="old.png¦" alt="x">', '<img src="a/x.png" alt="x">'],
    ['<img src="old.jxl¦" alt="x">', '<img src="a/x.png" alt="x">'],
    ["<img src='‹old¦›'>", "<img src='a/x.png'>"],
    ['<img src=¦>', '<img src="a/x.png">'],
    ['<img src=¦/>', '<img src="a/x.png"/>'],
    ['<img srcset="b.png 1x, ¦ 2x">', '<img srcset="b.png 1x, a/x.png 2x">'],
    ['<source srcset="b¦.png 2x">', '<source srcset="a/x.png 2x">'],
    ['<div\n  data-bg="¦"\n>', '<div\n  data-bg="a/x.png"\n>'],
    ['<img ¦>', '<img src="a/x.png" alt="a cat">'],
    ['<video ¦></video>', '<video poster="a/x.png"></video>'],
    ['<link rel="icon" ¦>', '<link rel="icon" href="a/x.png">'],
    ['<meta property="og:image" content="¦">', '<meta property="og:image" content="a/x.png">'],
    ['<div ¦>', '<div style="background-image: url(\'a/x.png\')">'],
    ['<div style="background: ¦">', '<div style="background: url(\'a/x.png\')">'],
    ['<div style="background: url(¦)">', '<div style="background: url(a/x.png)">'],
    ["<div style='color: red; ¦'>", `<div style='color: red; ${DECLARATION}'>`],
    ['<style>\n.a {\n  ¦\n}\n</style>', `<style>\n.a {\n  ${DECLARATION}\n}\n</style>`],
    ['<script>\nimg.src = "¦";\n</script>', '<script>\nimg.src = "a/x.png";\n</script>'],
    ['<script>\nconst a = ¦;\n</script>', "<script>\nconst a = 'a/x.png';\n</script>"],
    ['<img src="a.png" ¦>', `<img src="a.png" >${HTML}`],
    ['<div class="x¦">', `<div class="x">${HTML}`],
    ['<!-- ¦ -->', '<!-- a/x.png -->'],
    ['<?php echo "¦" ?>', '<?php echo "a/x.png" ?>'],
    ['---\nlayout: x\nimage: ¦\n---\n<p>', '---\nlayout: x\nimage: a/x.png\n---\n<p>'],
    ['<div>a</di¦v>', `<div>a</div>${HTML}`],
    ['<!doc¦type html>', `<!doctype html>${HTML}`],
    ['a&nb¦sp;b', `a&nbsp;${HTML}b`],
    ['<a href="b¦.html">x</a>', `<a href="b.html">${HTML}x</a>`],
    ['<div class="p-4 bg-[url(\'¦\')]">', '<div class="p-4 bg-[url(\'a/x.png\')]">'],
    ['<svg><g>¦</g></svg>', '<svg><g><image href="a/x.png" /></g></svg>'],
    ['<svg></svg>¦', `<svg></svg>${HTML}`],
    ['<svg><image ¦/></svg>', '<svg><image href="a/x.png"/></svg>'],
    ['<style>¦</style>', `<style>.x {\n  ${DECLARATION}\n}</style>`],
    ['<style>.a {}\n¦</style>', `<style>.a {}\n.x {\n  ${DECLARATION}\n}</style>`],
    ['<p>{{ na¦me }}</p>', `<p>{{ name }}${HTML}</p>`],
    ['{{> card image="¦"}}', '{{> card image="a/x.png"}}'],
  ]],
  'Vue, whose pages are HTML': ['html', [
    ['<template>\n  <div>¦</div>\n</template>', `<template>\n  <div>${HTML}</div>\n</template>`],
    ['<img :src="¦">', '<img :src="\'a/x.png\'">'],
    ['<img :src="isOn ? \'¦\' : b">', '<img :src="isOn ? \'a/x.png\' : b">'],
    ['<script setup>\n¦\n</script>', "<script setup>\nimport x from './a/x.png';\n</script>"],
    ['<style scoped lang="scss">\n.a { .b { background: ¦ } }\n</style>', '<style scoped lang="scss">\n.a { .b { background: url("a/x.png") } }\n</style>'],
    ['<style lang="sass">\n.a\n  ¦\n</style>', '<style lang="sass">\n.a\n  background-image: url("a/x.png")\n</style>'],
  ]],
  Svelte: ['template', [
    ['{#if x}\n¦\n{/if}', `{#if x}\n${HTML}\n{/if}`],
    ['<img src={¦} alt="x">', '<img src={"a/x.png"} alt="x">'],
    ['<script>\n  ¦\n</script>', "<script>\n  import x from './a/x.png';\n</script>"],
    ['<script>\n  import a from "¦";\n</script>', '<script>\n  import a from "./a/x.png";\n</script>'],
    ['<div style:background-image="¦" />', '<div style:background-image="url(\'a/x.png\')" />'],
    ['<div style:background-image={¦} />', '<div style:background-image={"url(a/x.png)"} />'],
  ]],
  Astro: ['astro', [
    ['---\n¦\n---\n<p>', "---\nimport x from './a/x.png';\n---\n<p>"],
    ["---\nimport a from '¦';\n---\n", "---\nimport a from './a/x.png';\n---\n"],
    ['---\nconst src = ¦\n---\n', "---\nconst src = 'a/x.png'\n---\n"],
    ['¦---\n---\n<p>', `---\n---\n${JSX}<p>`],
    ['---\n---\n<p>¦</p>', `---\n---\n<p>${JSX}</p>`],
    ['<Image src={¦} alt="" />', '<Image src={"a/x.png"} alt="" />'],
    ['<Image src={hero¦} alt="" />', '<Image src={"a/x.png"} alt="" />'],
  ]],
  'JSX and TSX': ['jsx', [
    ['return (\n  ¦\n)', `return (\n  ${JSX}\n)`],
    ['<div>\n  ‹text¦›\n</div>', `<div>\n  text\n  ${JSX}\n</div>`],
    ['<img src="¦" />', '<img src="a/x.png" />'],
    ['<img src={¦} />', '<img src={"a/x.png"} />'],
    ['<Image src={"old.png¦"} />', '<Image src={"a/x.png"} />'],
    ['<video poster=¦ />', '<video poster="a/x.png" />'],
    ['<Hero ¦/>', '<Hero src="a/x.png" alt="a cat"/>'],
    ['import hero from "¦";', 'import hero from "./a/x.png";'],
    ['import a from "b";\n¦\n', 'import a from "b";\nimport x from "./a/x.png";\n'],
    ['require(¦)', 'require("./a/x.png")'],
    ['new URL("¦", import.meta.url)', 'new URL("./a/x.png", import.meta.url)'],
    ['const hero = ¦;', 'const hero = "a/x.png";'],
    ['const a = { src: ¦ }', 'const a = { src: "a/x.png" }'],
    ['const a = ["b.png", ¦]', 'const a = ["b.png", "a/x.png"]'],
    ['const C = () => ¦', `const C = () => ${JSX}`],
    ['a < b && ¦', `a < b && ${JSX}`],
    ['<div style={{ backgroundImage: ¦ }}/>', '<div style={{ backgroundImage: "url(a/x.png)" }}/>'],
    ['<div style={{ backgroundImage: `url(¦)` }}/>', '<div style={{ backgroundImage: `url(a/x.png)` }}/>'],
    ['const S = styled.div`\n  background: ¦;\n`', 'const S = styled.div`\n  background: url("a/x.png");\n`'],
    ["<p>don't ¦</p>", `<p>don't ${JSX}</p>`],
    ['// ¦', '// a/x.png'],
    ['{/* ¦ */}', '{/* a/x.png */}'],
    ['import a from "b";¦\n', 'import a from "b";\nimport x from "./a/x.png";\n'],
    ['<div className="bg-[url(¦)]" />', '<div className="bg-[url(a/x.png)]" />'],
    ['const S = styled.div`background: url(¦);`', 'const S = styled.div`background: url(a/x.png);`'],
    ['<p>Note: ¦</p>', `<p>Note: ${JSX}</p>`],
    ['<p className="a">[¦]</p>', `<p className="a">[${JSX}]</p>`],
    ['<p>\n  <br /> a = ¦\n</p>', `<p>\n  <br /> a = ${JSX}\n</p>`],
    ['const a: Array<string> = [¦];\nreturn <p></p>', 'const a: Array<string> = ["a/x.png"];\nreturn <p></p>'],
  ]],
  'CSS, SCSS and Less': ['css', [
    ['.a { background: ¦; }', '.a { background: url("a/x.png"); }'],
    ['.a { background:¦ }', '.a { background: url("a/x.png") }'],
    ['.a { background: #fff ¦ }', '.a { background: #fff url("a/x.png") }'],
    ['.a { background: url(¦) }', '.a { background: url(a/x.png) }'],
    ['.a { background: url("old¦.png") }', '.a { background: url("a/x.png") }'],
    ['.a { background-image: image-set("¦" 1x) }', '.a { background-image: image-set("a/x.png" 1x) }'],
    ['.a {\n  ¦\n}', `.a {\n  ${DECLARATION}\n}`],
    ['.a {\n  color: red;¦\n}', `.a {\n  color: red;\n  ${DECLARATION}\n}`],
    ['.a { .b { ¦ } }', `.a { .b { ${DECLARATION} } }`],
    ['.a { &:hover { background: ¦ } }', '.a { &:hover { background: url("a/x.png") } }'],
    ['.a:hov¦er { color: red }', `.a:hover {\n  ${DECLARATION} color: red }`],
    ['$hero: ¦;', '$hero: url("a/x.png");'],
    ['@hero: ¦;', '@hero: url("a/x.png");'],
    [':root { --hero: ¦; }', ':root { --hero: url("a/x.png"); }'],
    ['.a {}\n\n¦\n', `.a {}\n\n.x {\n  ${DECLARATION}\n}\n`],
    ['/* ¦ */', '/* a/x.png */'],
    ['.a {\n  // ‹a cat¦›\n}', `.a {\n  // a cat\n  ${DECLARATION}\n}`],
    ['.a {\n  color: red¦\n}', `.a {\n  color: red;\n  ${DECLARATION}\n}`],
    ['.a { color: r¦ed; margin: 0 }', `.a { color: red; ${DECLARATION} margin: 0 }`],
    ['.a { background: url("b.png")¦ }', '.a { background: url("b.png"), url("a/x.png") }'],
  ]],
  'Sass by indentation': ['sass', [
    ['.a\n  ¦\n', '.a\n  background-image: url("a/x.png")\n'],
    ['.a\n  background: ¦\n', '.a\n  background: url("a/x.png")\n'],
    ['.a\n  color: red¦\n', '.a\n  color: red\n  background-image: url("a/x.png")\n'],
    ['.a\n  .b¦\n    color: red\n', '.a\n  .b\n    background-image: url("a/x.png")\n    color: red\n'],
    ['+bg(¦)', '+bg(url("a/x.png"))'],
  ]],
  AsciiDoc: ['asciidoc', [
    ['¦', 'image::a/x.png[a cat]'],
    ['see ¦ there', 'see image:a/x.png[a cat] there'],
    ['text\n¦\nmore', 'text\n\nimage::a/x.png[a cat]\n\nmore'],
    ['= Title¦\n:toc:\n\ntext', '= Title\n:toc:\n\nimage::a/x.png[a cat]\n\ntext'],
    ['== Head¦\n\nx', '== Head\n\nimage::a/x.png[a cat]\n\nx'],
    ['image::¦[]', 'image::a/x.png[]'],
    ['see image:old.png¦[a]', 'see image:a/x.png[a]'],
    ['image::a.png[x¦y]', 'image::a.png[xy] image:a/x.png[a cat]'],
    [':hero: ¦', ':hero: a/x.png'],
    ['----\n¦\n----', '----\na/x.png\n----'],
    ['|===\n|¦ a |b\n|===', '|===\n|image:a/x.png[a cat] a |b\n|==='],
    ['* ‹one¦›\n* two', '* one\n+\nimage::a/x.png[a cat]\n\n* two'],
    ['.Title\n¦', '.Title\nimage::a/x.png[a cat]'],
    ['‹one¦›\n\ntwo', 'one\n\nimage::a/x.png[a cat]\n\ntwo'],
  ]],
  reStructuredText: ['restructuredtext', [
    ['¦', '.. image:: a/x.png\n   :alt: a cat'],
    ['see ¦ there\nmore\n\nnext', 'see  there\nmore\n\n.. image:: a/x.png\n   :alt: a cat\n\nnext'],
    ['Title¦\n=====\n\ntext', 'Title\n=====\n\n.. image:: a/x.png\n   :alt: a cat\n\ntext'],
    ['text\n¦\nmore', 'text\n\n.. image:: a/x.png\n   :alt: a cat\n\nmore'],
    ['.. image:: ¦', '.. image:: a/x.png'],
    ['.. figure::¦\n   :alt: x', '.. figure:: a/x.png\n   :alt: x'],
    ['.. |logo| image:: old.png¦', '.. |logo| image:: a/x.png'],
    ['- ‹one¦›\n- two', '- one\n\n  .. image:: a/x.png\n     :alt: a cat\n\n- two'],
    ['.. note::\n\n   text¦\n', '.. note::\n\n   text\n\n   .. image:: a/x.png\n      :alt: a cat\n'],
    ['.. code-block:: sh\n\n   open ¦\n', '.. code-block:: sh\n\n   open a/x.png\n'],
    ['a ``¦`` b', 'a ``a/x.png`` b'],
    ['- ¦\n- b', '- .. image:: a/x.png\n     :alt: a cat\n- b'],
    ['1. .. image:: old.png¦', '1. .. image:: a/x.png'],
    ['1. ¦', '1. .. image:: a/x.png\n      :alt: a cat'],
    ['.. list-table::\n\n   * - ¦\n     - b\n', '.. list-table::\n\n   * - .. image:: a/x.png\n          :alt: a cat\n     - b\n'],
    ['.. list-table::\n\n   * - ‹a¦›\n     - b\n', '.. list-table::\n\n   * - a\n\n       .. image:: a/x.png\n          :alt: a cat\n\n     - b\n'],
    ['.. figure:: b.png\n   :alt: ¦\n\n   Words\n\ntext', '.. figure:: b.png\n   :alt: \n\n   Words\n\n.. image:: a/x.png\n   :alt: a cat\n\ntext'],
  ]],
}; // prettier-ignore

describe('places of links', () => {
  for (const [name, [style, cases]] of Object.entries(CASES)) {
    it(`are right in ${name}`, () => {
      const results = cases.map(([marked]) => [marked, placed(style, marked)]);
      assert.deepEqual(results, cases);
    });
  }

  it('hold what each language reads as something else', () => {
    const parts = { href: 'my%20img/%231%20(1)&2.png', alt: 'a "b" [c] | {d}\n<e> & $f, @g = 1' };
    const tried: readonly (readonly [LinkStyle, string, string])[] = [
      ['html', '¦', '<img src="my%20img/%231%20(1)&amp;2.png" alt="a &quot;b&quot; [c] | {d} &lt;e> &amp; $f, @g = 1">'],
      ['template', '<img ¦>', '<img src="my%20img/%231%20(1)&amp;2.png" alt="a &quot;b&quot; [c] | &#123;d&#125; &lt;e> &amp; $f, &#64;g = 1">'],
      ['asciidoc', '¦', 'image::my%20img/%231%20(1)&2.png["a \\"b\\" [c\\] \\| {d} <e> & $f, @g = 1"]'],
      ['jsx', 'import a from "¦"', 'import a from "./my img/#1 (1)&2.png"'],
      ['restructuredtext', '.. image:: ¦', '.. image:: my\\ img/#1\\ (1)&2.png'],
      ['markdown', '---\nimage: ¦\n---\n', '---\nimage: "my img/#1 (1)&2.png"\n---\n'],
      ['markdown', '+++\nimage = ¦\n+++\n', '+++\nimage = "my img/#1 (1)&2.png"\n+++\n'],
      ['html', '<img src="¦">', '<img src="my%20img/%231%20(1)&amp;2.png">'],
    ]; // prettier-ignore
    for (const [style, marked, expected] of tried) {
      assert.equal(placed(style, marked, parts), expected);
    }
    const table = placed('markdown', `${TABLE}| ¦ | d |\n`, parts);
    assert.equal(table.split('\n').length, 4);
    assert.match(table, /\\\| \{d\}/);
  });

  it('end for any text and any cursor', () => {
    const texts = Object.values(CASES).flatMap(([, cases]) => cases.map(([text]) => text));
    const styles = [...new Set(Object.values(CASES).map(([style]) => style))];
    for (const text of texts.map((one) => one.replace(/[¦‹›]/g, ''))) {
      for (const style of styles) {
        for (let offset = 0; offset <= text.length; offset++) {
          const found = placeLink(text, offset, false, style, PARTS);
          assert.ok(found.offset >= 0 && found.offset + (found.length ?? 0) <= text.length);
          assert.ok(found.text.includes('x.png'));
        }
      }
    }
  });
});
