import { finds } from './found';

describe('images that Vue components name', () => {
  finds('vue', [
    [
      '<script setup lang="ts">\nimport hero from \'@/assets/hero.png\'\nconst logo = new URL(\'./logo.svg\', import.meta.url).href\nconst x: string = \'a\'\n</script>\n<template><img :src="hero" alt="the hero"/><img v-bind:src="logo" alt="the logo"></template>',
      '@/assets/hero.png "the hero" import alias',
      './logo.svg "the logo"',
    ],
    [
      '<template><img src="@/assets/a.png" alt="A &amp; b" width="30" height="40"></template>',
      '@/assets/a.png "A & b" 30x40 alias',
    ],
    [
      '<template><img :src="require(\'@/assets/r.png\')" alt="req"><img :src="\'./lit.png\'" :alt="\'a lit\'" :width="64"></template>',
      '@/assets/r.png "req" import alias',
      './lit.png "a lit" 64x?',
    ],
    ['<template><img :src="`/img/${id}.png`"><img :src="item.src"></template>'],
    [
      '<template><v-img src="/v.png" lazy-src="/l.png" /><NuxtImg src="/n.png" /><video poster="p.jpg"/></template>',
      '/v.png',
      '/l.png',
      '/n.png',
      'p.jpg',
    ],
    [
      '<template><div :style="{ backgroundImage: \'url(/bg.png)\' }" class="bg-[url(/tw.png)]" /></template>',
      '/bg.png style',
      '/tw.png style',
    ],
    [
      '<template><div v-if="a > b"><p>{{ a < b }}</p><img src="deep.png"></div></template>',
      'deep.png',
    ],
    [
      '<style lang="scss" scoped>\n.a { .b { background: url("~@/s.png"); } } // don\'t\n</style><style>.c { background: url(./t.png) }</style>',
      '~@/s.png style alias',
      './t.png style',
    ],
    [
      '<script>export default { data() { return = } }</script><template><div><img src="ok.png"><img src="b.png"</template>',
      'ok.png',
      'b.png',
    ],
    [
      '<template lang="pug">\nimg(src="no.png")\n</template>\n<script>import a from \'./a.png\'</script>',
      './a.png import',
    ],
  ]);
});

describe('images that Svelte components name', () => {
  finds('svelte', [
    [
      '<script lang="ts">import hero from \'$lib/hero.png\'; let src: string = \'/s.png\';</script><img src={hero} alt="a hero"><img {src} alt="short"><img src="{hero}" alt="again">',
      '$lib/hero.png "a hero" import alias',
      '/s.png "short"',
    ],
    [
      '<svelte:head><meta property="og:image" content="/og.png"><link rel="icon" href="/f.png"></svelte:head>',
      '/og.png meta',
      '/f.png icon',
    ],
    [
      '{#if a < b}<img src="a.png">{:else}<img src="{base}/no.png" alt="n">{/if}',
      'a.png',
      '{base}/no.png "n" computed',
    ],
    [
      '{#each items as { x }}<enhanced:img src="./e.jpg" alt="e" onclick={() => a > 1 && \'}\'}/>{/each}',
      './e.jpg "e"',
    ],
    [
      '<div style:background-image="url(sb.png)" style="background: url({hero})"></div>',
      'sb.png style',
    ],
    [
      '<!-- <img src="no.png"> --><style>.a { .b { background: url(css.png); } }</style>',
      'css.png style',
    ],
    ['<script>let = ;</script><img src="a.png" alt="kept"><div', 'a.png "kept"'],
  ]);
});

describe('images that Astro components name', () => {
  finds('astro', [
    [
      "---\nimport hero from '../hero.png';\nif (!x) return Astro.redirect('/x');\n---\n<Image src={hero} alt=\"a hero\" widths={[240, 540]} />",
      '../hero.png "a hero" import',
    ],
    [
      "---\nconst list = [{ src: '/l.png', alt: 'list' }];\n---\n{list.map((x) => <img src=\"/in.png\" alt={`tpl`} class:list={['a', 'bg-[url(/tw.png)]']} />)}",
      '/l.png "list"',
      '/in.png "tpl"',
      '/tw.png "tpl" style',
    ],
    [
      '<Picture src={import(\'../p.png\')} alt="p" /><img src="/a.png" alt="A > B" /><img src={`/t.png`}>',
      '../p.png "p" import',
      '/a.png "A > B"',
      '/t.png',
    ],
    [
      '<link rel="icon" href="/favicon.svg" /><style lang="scss">.a { .b { background: url(s.png) } }</style><script>import x from \'./x.png\';</script>',
      '/favicon.svg icon',
      's.png style',
      './x.png import',
    ],
    ['---\nconst = ;\n---\n<img src="kept.png">', 'kept.png'],
  ]);
});
