import { finds } from './found';

describe('images that code names', () => {
  finds('javascriptreact', [
    [
      'import hero from \'./hero.png\';\nexport default () => <img src={hero} alt="a red apple" width={600} height="400" />;',
      './hero.png "a red apple" 600x400 import',
    ],
    [
      'import logo, { ReactComponent as L } from "../logo.svg"; import "./a.css"; import x from "./x";',
      '../logo.svg import',
    ],
    [
      "import big from '@/images/big.jpg?w=300'; export { default as c } from './c.png';",
      '@/images/big.jpg?w=300 import alias',
      './c.png import',
    ],
    [
      "import x from 'pkg/x.png'; import y from '/y.png';",
      'pkg/x.png import alias',
      '/y.png import',
    ],
    [
      'const cat = require(\'./cat.png\').default; <img src={cat} alt="a cat"/>',
      './cat.png "a cat" import',
    ],
    [
      "const dog = new URL('./dog.webp', import.meta.url).href; <img src={dog} alt={`a dog`}/>",
      './dog.webp "a dog"',
    ],
    ['<img src={require(\'./r.png\')} alt="r" />', './r.png "r" import'],
    [
      "<Image source={require('../assets/rn.png')} style={{ width: 1 }} />",
      '../assets/rn.png import',
    ],
    ["const A = () => import('./a.png'); const B = lazy(() => import('./B'));", './a.png import'],
    [
      "const plain = '/img/plain.png'; const other = '/img/other.png'; <img src={plain} alt='plain'/>",
      '/img/plain.png "plain"',
    ],
    [
      '<Image src="/next.png" alt={\'next image\'} width={1200} height={630} />',
      '/next.png "next image" 1200x630',
    ],
    [
      '<img src={`a.png`} alt="a" /><img src={`/u/${id}.png`} alt="u" /><img src={p.x} />',
      'a.png "a"',
    ],
    [
      '<img src={wide ? "/wide.png" : \'/narrow.png\'} alt="two" />',
      '/wide.png "two"',
      '/narrow.png "two"',
    ],
    ['<img src={user.photo ?? "/fallback.png"} alt="u" />', '/fallback.png "u"'],
    [
      '<img srcSet="a.png 1x, b.png 2x" src="a.png" alt="set" width={10} height={5} />',
      'a.png "set" 10x5',
      'b.png "set" 20x10',
      'a.png "set" 10x5',
    ],
    ['<video poster="poster.jpg" src="a.mp4" />', 'poster.jpg'],
    [
      '<Avatar src="/avatar.png" /><Card image="/card.jpg" title="A card" /><Hero backgroundImage="/bg.avif" />',
      '/avatar.png',
      '/card.jpg "A card"',
      '/bg.avif',
    ],
    ['<Link href="/big.html" /><a href="/big.png">x</a><Card title="x.png" />'],
    [
      '<div style={{ backgroundImage: \'url(x.png)\', background: `url("/y.png") no-repeat` }} aria-label="wall" />',
      'x.png "wall" style',
      '/y.png "wall" style',
    ],
    ['<div style={{ backgroundImage: `url(${hero})` }} />'],
    [
      '<div className="bg-[url(\'/img/tw.png\')]" /><div className={clsx("bg-[url(/b.png)]")} />',
      '/img/tw.png style',
      '/b.png style',
    ],
    [
      '<link rel="icon" href="/f.ico"/>; <meta property="og:image" content="/og.png"/>',
      '/f.ico icon',
      '/og.png meta',
    ],
    ['<svg><image href="in.svg"/></svg>', 'in.svg'],
    ['<img src="" alt="a blue bird" />', ' "a blue bird"'],
    ['<img src="a&amp;b.png" alt="x &quot;y&quot;" />', 'a&b.png "x "y"" as a&amp;b.png'],
    ['<motion.img src="/m.png" />', '/m.png'],
    [
      "const slides = [{ src: '/s1.png', alt: 'slide one', width: 800, height: 400 }, { image: './s2.jpg', title: 'Two' }];",
      '/s1.png "slide one" 800x400',
      './s2.jpg "Two"',
    ],
    [
      "export const metadata = { icons: { apple: '/apple.png', shortcut: ['/s.png'] } };",
      '/apple.png',
      '/s.png',
    ],
    [
      "export const links = () => [{ rel: 'icon', href: '/f.png' }, { rel: 'preload', as: 'image', href: '/h.webp' }, { rel: 'stylesheet', href: '/a.css' }];",
      '/f.png icon',
      '/h.webp',
    ],
    [
      "const meta = [{ property: 'og:image', content: '/og.png' }, { name: 'twitter:image', content: '/tw.png' }, { name: 'x', content: '/no.png' }, { property: 'og:image:alt', content: 'A cat' }];",
      '/og.png "A cat" meta',
      '/tw.png "A cat" meta',
    ],
    [
      "const a = <img src={withPrefix('/p.png')} alt='p' />; const b = <img src={other('/no.png')} />;",
      '/p.png "p"',
    ],
    [
      "export const metadata = { openGraph: { images: ['/og2.png'] }, icons: { icon: '/fav.png' } };",
      '/og2.png',
      '/fav.png',
    ],
    ["React.createElement('img', { src: './ce.png', alt: 'made' })", './ce.png "made"'],
    ['const a = 1; const a = 2; <img src="twice.png" />', 'twice.png'],
    [
      'import hero from "./hero.png"; export default () => { const x = ; return <div><img src={hero} alt="kept" width={3}/><Image src="/ok.png" onLoad={() => a > 1} /><div style={{ backgroundImage: \'url(st.png)\' }}/></div>',
      './hero.png "kept" 3x? import',
      '/ok.png',
      'st.png style',
    ],
    ['const a = <img src="a.png" <<<', 'a.png'],
  ]);
  finds('typescriptreact', [
    [
      'import type { A } from "./a"; import x = require("./old.png"); const f = <T,>(a: T): a is T => true; enum E { A } abstract class C<T> { private x!: string; @Input() y = 1 } const v = <img src={x as string} alt="old" />;',
      './old.png import',
    ],
    [
      'const B = styled.div<{ a: string }>`background: url(s.png); .c { background: url("${p}/d.png") }`;',
      's.png style',
      '{{{{/d.png style computed as ${p}/d.png',
    ],
    [
      'const t = html`<img src="lit.png" alt="lit"><img src="${x}.png">`;',
      'lit.png "lit"',
      '{{{{.png computed as ${x}.png',
    ],
  ]);
  finds('typescript', [
    [
      'const a = <string>b; export const IMG = new URL("../x%20y.png", import.meta.url);',
      '../x%20y.png',
    ],
    [
      '@Component({ template: \'<img src="ng.png" alt="ng">\', styles: [\'.a{background:url(ng2.png)}\'] }) class A {}',
      'ng.png "ng"',
      'ng2.png style',
    ],
    [
      "el.src = './set.png'; el.style.backgroundImage = 'url(bg.png)'; expect(x).toBe('no.png');",
      './set.png',
      'bg.png style',
    ],
  ]);
  finds('javascript', [
    [
      '// @flow\nimport typeof X from "x"; type A = {| a: ?string |}; opaque type B = string; export default (function (a: A) { return <img src="flow.png" alt="f"/> }: any);',
      'flow.png "f"',
    ],
    ['function f(x: {| +a: ?number |}): %checks { return <img src="a.png" /> }', 'a.png'],
    [
      "module.exports = { favicon: './src/favicon.png', output: { filename: 'img/[name].png' }, from: '**/*.png' }; jest.mock('./z.png');",
      './src/favicon.png',
    ],
    [
      'const a = "\\u0061.png"; document.body.innerHTML = "<img src=\\"q.png\\" alt=\\"q\\">";',
      'q.png "q"',
    ],
  ]);
});
