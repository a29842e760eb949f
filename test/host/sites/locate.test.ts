import assert from 'node:assert/strict';
import path from 'node:path';
import type { ReferenceKind } from '../../../src/host/references/image-reference';
import { readAddress } from '../../../src/host/references/addresses';
import { addressBase, locateImage, type Located } from '../../../src/host/sites/locate';
import { Lookup } from '../../../src/host/sites/lookup';
import { DISK, projectFolder, type Tree } from '../../support/project-files';

const LANGUAGES: Readonly<Record<string, string>> = {
  md: 'markdown',
  mdx: 'mdx',
  tsx: 'typescriptreact',
  jsx: 'javascriptreact',
  ts: 'typescript',
  js: 'javascript',
  adoc: 'asciidoc',
  rst: 'restructuredtext',
};

interface Options {
  readonly kind?: ReferenceKind;
  readonly text?: string;
}

/** Where an address of a document leads: the path in the workspace, with `!` where nothing is there. */
async function where(
  tree: Tree,
  document: string,
  url: string,
  { kind = 'image', text = '' }: Options = {},
): Promise<string | undefined> {
  const root = projectFolder({ ...tree, [document]: text });
  const read = readAddress(url, kind === 'import');
  if (!read) return undefined;
  const ending = path.extname(document).slice(1);
  const languageId = LANGUAGES[ending] ?? ending;
  const located: Located | undefined = await locateImage(
    { ...read, kind },
    {
      path: path.join(root, document),
      workspace: root,
      languageId,
      base: addressBase(text, languageId),
    },
    new Lookup(DISK),
  );
  return located && `${located.exists ? '' : '!'}${path.relative(root, located.path)}`;
}

const pkg = (name: string) => JSON.stringify({ name, dependencies: { [name]: '1' } });

describe('files of addresses from the root of a site', () => {
  /** A project, a document of it, and the folder that it serves. */
  const projects: readonly (readonly [string, Tree, string, string])[] = [
    ['a plain folder', {}, 'page.md', '.'],
    ['public in the workspace', { 'public/': '' }, 'src/page.md', 'public'],
    ['Docusaurus', { 'docusaurus.config.js': '', 'static/': '' }, 'docs/a/intro.md', 'static'],
    ['Docusaurus below', { 'website/docusaurus.config.ts': '' }, 'website/blog/a.mdx', 'website/static'],
    ['Docusaurus, its own folders', { 'docusaurus.config.js': "staticDirectories: ['assets', 'x']" }, 'docs/a.md', 'assets'],
    ['Hugo', { 'hugo.toml': '' }, 'content/posts/a.md', 'static'],
    ['Hugo of old', { 'config.toml': '', 'content/': '' }, 'content/posts/a.md', 'static'],
    ['Hugo, its own folder', { 'hugo.toml': 'staticDir = "files"' }, 'content/posts/a.md', 'files'],
    ['SvelteKit', { 'package.json': pkg('@sveltejs/kit'), 'vite.config.ts': '' }, 'src/routes/+page.svelte', 'static'],
    ['Svelte with Vite', { 'package.json': pkg('svelte'), 'vite.config.ts': '' }, 'src/App.svelte', 'public'],
    ['VitePress', { 'docs/.vitepress/config.ts': '', 'package.json': '{}' }, 'docs/guide/a.md', 'docs/public'],
    ['VuePress', { 'docs/.vuepress/config.js': '' }, 'docs/guide/a.md', 'docs/.vuepress/public'],
    ['Next.js in a monorepo', { 'apps/web/next.config.mjs': '', 'public/': '' }, 'apps/web/app/page.tsx', 'apps/web/public'],
    ['Next.js by its package', { 'apps/web/package.json': pkg('next') }, 'apps/web/app/page.tsx', 'apps/web/public'],
    ['Hexo', { '_config.yml': '', 'source/_posts/': '' }, 'source/_posts/a.md', 'source'],
    ['Jekyll', { '_config.yml': '', 'assets/': '' }, '_posts/a.md', '.'],
    ['Jekyll in docs', { 'docs/_config.yml': '' }, 'docs/guide/a.md', 'docs'],
    ['Astro', { 'astro.config.mjs': '' }, 'src/pages/a.astro', 'public'],
    ['Gatsby', { 'gatsby-config.js': '' }, 'src/pages/a.js', 'static'],
    ['Nuxt 2', { 'nuxt.config.js': '', 'static/': '' }, 'pages/a.vue', 'static'],
    ['Nuxt 3', { 'nuxt.config.ts': '' }, 'pages/a.vue', 'public'],
    ['Create React App', { 'package.json': pkg('react-scripts') }, 'src/App.jsx', 'public'],
    ['Rails', { 'config.ru': '', Gemfile: '' }, 'app/views/a.html', 'public'],
    ['Laravel', { artisan: '' }, 'resources/views/a.html', 'public'],
    ['Phoenix', { 'mix.exs': '' }, 'lib/a.html', 'priv/static'],
    ['ASP.NET', { 'Site/Site.csproj': '' }, 'Site/Pages/a.html', 'Site/wwwroot'],
    ['Spring', { 'pom.xml': '', 'src/main/resources/static/': '' }, 'src/main/resources/templates/a.html', 'src/main/resources/static'],
    ['Sphinx', { 'docs/conf.py': '' }, 'docs/guide/a.rst', 'docs'],
    ['MkDocs', { 'mkdocs.yml': '' }, 'docs/guide/a.md', 'docs'],
    ['mdBook', { 'book.toml': '' }, 'src/guide/a.md', 'src'],
    ['Eleventy', { '.eleventy.js': '', 'public/': '' }, 'src/a.html', 'public'],
    ['Angular', { 'angular.json': '', 'src/': '' }, 'src/app/a.html', 'public'],
    ['Vite, its own folder', { 'vite.config.ts': "export default { publicDir: 'files' }" }, 'src/a.vue', 'files'],
    ['a page in the served folder', { 'public/': '' }, 'public/about/a.html', 'public'],
    ['a package without a site', { 'apps/web/public/': '', 'packages/ui/package.json': '{}' }, 'packages/ui/src/a.tsx', 'apps/web/public'],
    ['a plain site below', { 'site/index.html': '' }, 'site/about/index.html', 'site'],
  ]; // prettier-ignore
  for (const [name, tree, document, served] of projects) {
    it(`are found and written where ${name} serves them`, async () => {
      const file = path.join(served, 'img/logo.png');
      assert.equal(await where(tree, document, '/img/logo.png'), `!${file}`);
      assert.equal(await where({ ...tree, [file]: 'x' }, document, '/img/logo.png'), file);
      assert.equal(await where({ ...tree, [file]: 'x' }, document, '/img/logo.png?v=2#top'), file);
    });
  }

  const existing: readonly (readonly [string, Tree, string, string])[] = [
    ['app/assets/images/a.png', { 'config.ru': '' }, 'app/views/a.html', '/assets/a.png'],
    ['src/assets/a.png', { 'angular.json': '' }, 'src/app/a.html', '/assets/a.png'],
    ['storage/app/public/a.png', { artisan: '' }, 'resources/a.php', '/storage/a.png'],
    ['src/assets/a.png', { 'vite.config.js': '' }, 'src/a.vue', '/src/assets/a.png'],
    ['themes/x/static/a.png', { 'hugo.toml': '', 'themes/x/static/': '' }, 'content/a.md', '/a.png'],
    ['shop/static/a.png', { 'manage.py': '' }, 'shop/templates/a.html', '/static/a.png'],
    ['img/a.png', { 'public/': '' }, 'README.md', '/img/a.png'],
    ['docs/public/a.png', { 'public/': '' }, 'docs/deep/a.md', '/a.png'],
    ['apps/site/static/a.png', { 'packages/x/': '' }, 'packages/x/README.md', '/a.png'],
  ]; // prettier-ignore
  for (const [file, tree, document, url] of existing) {
    it(`find ${file} by ${url} in ${document}`, async () => {
      assert.equal(await where({ ...tree, [file]: 'x' }, document, url), file);
    });
  }

  it('lose the path that the site is below', async () => {
    const sites: readonly (readonly [Tree, string, string])[] = [
      [{ '_config.yml': 'title: x\nbaseurl: "/blog"\n' }, '_posts/a.md', 'img/a.png'],
      [{ 'docusaurus.config.js': "{ baseUrl: '/blog/' }" }, 'docs/a.md', 'static/img/a.png'],
      [{ 'next.config.js': "module.exports = { basePath: '/blog' }" }, 'app/a.tsx', 'public/img/a.png'],
      [{ 'docs/.vitepress/config.mts': "{ base: '/blog/' }" }, 'docs/a.md', 'docs/public/img/a.png'],
      [{ 'hugo.toml': "baseURL = 'https://example.org/blog/'" }, 'content/a.md', 'static/img/a.png'],
    ]; // prettier-ignore
    for (const [tree, document, file] of sites) {
      assert.equal(await where(tree, document, '/blog/img/a.png'), `!${file}`);
      assert.equal(await where({ ...tree, [file]: 'x' }, document, '/blog/img/a.png'), file);
    }
  });

  it('keep the name of the served folder where the address begins with it', async () => {
    assert.equal(
      await where({ 'manage.py': '', 'static/': '' }, 'a.html', '/static/a.png'),
      '!static/a.png',
    );
    assert.equal(
      await where({ 'vite.config.js': '', 'src/': '' }, 'src/a.vue', '/src/assets/a.png'),
      '!src/assets/a.png',
    );
  });
});

describe('files of addresses with an alias', () => {
  const project = { 'package.json': '{}', 'src/': '' };
  const tsconfig = (options: string) => `{
    // comments and trailing commas are allowed
    "compilerOptions": { ${options}, },
  }`;
  const vite = `import path from 'path'
export default { resolve: { alias: {
  '@': path.resolve(__dirname, './source'),
  '@img': fileURLToPath(new URL('./source/img', import.meta.url)),
  Styles: path.join(__dirname, 'source', 'styles'),
} } }`;
  const cases: readonly (readonly [Tree, string, string, string | undefined])[] = [
    [project, 'src/a/b.tsx', '@/assets/x.png', 'src/assets/x.png'],
    [project, 'src/a/b.vue', '~/assets/x.png', 'src/assets/x.png'],
    [project, 'src/a/b.scss', '~@/assets/x.png', 'src/assets/x.png'],
    [project, 'src/a/b.ts', '#/assets/x.png', 'src/assets/x.png'],
    [{ 'package.json': '{}' }, 'pages/b.vue', '~/assets/x.png', 'assets/x.png'],
    [{ 'nuxt.config.ts': '', 'app/': '' }, 'app/pages/b.vue', '~/assets/x.png', 'app/assets/x.png'],
    [{ 'nuxt.config.ts': '', 'app/': '' }, 'app/pages/b.vue', '~~/x.png', 'x.png'],
    [{ 'src/lib/': '' }, 'src/routes/+page.svelte', '$lib/img/x.png', 'src/lib/img/x.png'],
    [{ 'docusaurus.config.js': '' }, 'docs/a/b.md', '@site/static/x.png', 'static/x.png'],
    [{ 'w/docusaurus.config.js': '' }, 'w/docs/a/b.mdx', '@site/static/x.png', 'w/static/x.png'],
    [{ 'src/assets/': '' }, 'src/a/b.vue', '@assets/x.png', 'src/assets/x.png'],
    [{ 'src/images/': '' }, 'src/a/b.scss', '~images/x.png', 'src/images/x.png'],
    [{ 'tsconfig.json': tsconfig('"baseUrl": ".", "paths": { "@/*": ["./lib/*"] }'), 'lib/': '' }, 'lib/a/b.tsx', '@/x.png', 'lib/x.png'],
    [{ 'tsconfig.json': tsconfig('"paths": { "img/*": ["./a/*", "./b/*"] }'), 'b/': '' }, 'src/b.tsx', 'img/x.png', 'b/x.png'],
    [{ 'jsconfig.json': tsconfig('"baseUrl": "src"'), 'src/': '' }, 'src/a/b.js', 'images/x.png', 'src/images/x.png'],
    [{ 'tsconfig.json': '{"extends": "./base"}', 'base.json': tsconfig('"paths": { "~img/*": ["./pics/*"] }'), 'pics/': '' }, 'src/b.ts', '~img/x.png', 'pics/x.png'],
    [{ 'tsconfig.json': '{"references": [{"path": "./tsconfig.app.json"}], "files": []}', 'tsconfig.app.json': tsconfig('"paths": { "@/*": ["./code/*"] }'), 'code/': '' }, 'code/b.tsx', '@/x.png', 'code/x.png'],
    [{ 'packages/a/tsconfig.json': '{"extends": ["../../tsconfig.base.json"]}', 'tsconfig.base.json': tsconfig('"baseUrl": ".", "paths": { "@acme/*": ["packages/*/src"] }') , 'packages/a/src/': '' }, 'packages/a/src/b.tsx', '@acme/a/x.png', undefined],
    [{ 'vite.config.ts': vite, 'source/img/': '' }, 'source/a/b.vue', '@/x.png', 'source/x.png'],
    [{ 'vite.config.ts': vite, 'source/img/': '' }, 'source/a/b.vue', '@img/x.png', 'source/img/x.png'],
    [{ 'vite.config.ts': vite, 'source/styles/': '' }, 'source/a/b.ts', 'Styles/x.png', 'source/styles/x.png'],
    [{ 'vite.config.ts': "{ alias: [{ find: '@', replacement: '/source' }] }", 'source/': '' }, 'source/b.vue', '@/x.png', 'source/x.png'],
    [{ 'svelte.config.js': "{ kit: { alias: { '$img': 'src/img' } } }", 'src/img/': '' }, 'src/b.svelte', '$img/x.png', 'src/img/x.png'],
    [{ 'package.json': '{"imports": {"#img/*": "./pics/*"}}', 'pics/': '' }, 'src/b.ts', '#img/x.png', 'pics/x.png'],
    [{ 'package.json': '{"workspaces": ["libs/*"]}', 'libs/ui/package.json': '{"name": "@acme/ui"}' }, 'apps/a/b.tsx', '@acme/ui/img/x.png', 'libs/ui/img/x.png'],
    [{ 'packages/ui/package.json': '{"name": "ui"}' }, 'packages/web/b.scss', '~ui/img/x.png', 'packages/ui/img/x.png'],
    [{ 'tsconfig.json': tsconfig('"paths": { "@img/*": ["./src/img/*"] }'), 'src/': '' }, 'src/b.ts', '@img/x.png', 'src/img/x.png'],
    [{ 'vite.config.ts': "{ alias: { '$pics': '/src/pics' } }", 'src/': '' }, 'src/b.vue', '$pics/x.png', 'src/pics/x.png'],
    // Nobody knows what these mean: no folder of such a name is made.
    [{}, 'a.md', '@site/static/x.png', undefined],
    [{}, 'a.vue', '@/x.png', undefined],
    [{}, 'a.vue', '~/x.png', undefined],
    [project, 'src/a.ts', 'left-pad/x.png', undefined],
    [project, 'src/a.ts', '@types/left-pad/x.png', undefined],
    [{ ...project, 'node_modules/left-pad/': '' }, 'src/a.ts', 'left-pad/x.png', undefined],
  ]; // prettier-ignore
  for (const [tree, document, url, file] of cases) {
    it(`${document} names ${file ?? 'nothing'} by ${url}`, async () => {
      const kind = /\.tsx?$|\.js$/.test(document) ? 'import' : 'image';
      assert.equal(await where(tree, document, url, { kind }), file && `!${file}`);
      if (file) assert.equal(await where({ ...tree, [file]: 'x' }, document, url, { kind }), file);
    });
  }

  it('exist in installed packages, in folders of such names, and in several places', async () => {
    const installed = { 'node_modules/pkg/a.png': 'x' };
    assert.equal(
      await where(installed, 'src/a.scss', '~pkg/a.png'),
      'node_modules/pkg/a.png',
    );
    assert.equal(await where({ 'docs/@assets/a.png': 'x' }, 'docs/a.md', '@assets/a.png'), 'docs/@assets/a.png');
    const both = { ...project, 'tsconfig.json': tsconfig('"paths": { "@/*": ["./src/*", "./gen/*"] }'), 'gen/a.png': 'x' };
    assert.equal(await where(both, 'src/a.tsx', '@/a.png', { kind: 'import' }), 'gen/a.png');
  }); // prettier-ignore
});

describe('files of addresses from a document', () => {
  const next = { 'package.json': pkg('next'), 'public/': '' };
  const cases: readonly (readonly [Tree, string, string, string, Options?])[] = [
    [{}, 'docs/a.md', 'img/x.png', '!docs/img/x.png'],
    [{}, 'docs/a.md', './x.png', '!docs/x.png'],
    [{}, 'docs/a.md', '../x.png', '!x.png'],
    [{}, 'docs/a.html', 'img\\x.png', '!docs/img/x.png'],
    [{ 'static/img/': '', 'docusaurus.config.js': '' }, 'docs/a.md', 'img/x.png', '!docs/img/x.png'],
    [{}, 'a.md', 'my%20img/100%25%2520.png', '!my img/100%%20.png'],
    [{}, 'a.md', '100%.png', '!100%.png'],
    [{ 'a%20b.png': 'x' }, 'a.md', 'a%20b.png', 'a%20b.png'],
    [{ 'x.png': 'x' }, 'a.html', 'x.png?v=1#y', 'x.png'],
    // Components are shown by pages, which start from the site's root.
    [next, 'app/page.tsx', 'img/x.png', '!public/img/x.png'],
    [{ ...next, 'public/img/x.png': 'x' }, 'app/page.tsx', './img/x.png', 'public/img/x.png'],
    [next, 'app/page.tsx', './x.png', '!app/x.png', { kind: 'import' }],
    [{ 'public/': '' }, 'src/a.vue', './x.png', '!src/x.png'],
    [{ 'public/': '' }, 'src/a.vue', 'x.png', '!public/x.png'],
    [{ 'public/': '', 'src/img/': '' }, 'src/a.tsx', 'img/x.png', '!src/img/x.png'],
    [{}, 'src/a.tsx', 'x.png', '!src/x.png'],
    [{ 'angular.json': '', 'src/assets/x.png': 'x' }, 'src/app/a.html', 'assets/x.png', 'src/assets/x.png'],
    // Bundles of posts, parts of style sheets, modules of Antora.
    [{ 'source/_posts/hello/x.png': 'x' }, 'source/_posts/hello.md', 'x.png', 'source/_posts/hello/x.png'],
    [{ 'styles/img/x.png': 'x' }, 'styles/parts/_a.scss', 'img/x.png', 'styles/img/x.png'],
    [{}, 'docs/modules/ROOT/pages/a.adoc', 'x.png', '!docs/modules/ROOT/images/x.png'],
    // Documents that say where their addresses start.
    [{}, 'a.adoc', 'x.png', '!images/x.png', { text: '= T\n:imagesdir: images\n' }],
    [{}, 'docs/a.adoc', 'x.png', '!img/x.png', { text: ':imagesdir: ../img/\n' }],
    [{}, 'docs/a.adoc', '/x.png', '!x.png', { text: ':imagesdir: img\n' }],
    [{}, 'docs/a.html', 'x.png', '!files/x.png', { text: '<base href="/files/">' }],
    [{}, 'docs/a.html', 'x.png', '!x.png', { text: "<base target=x href='https://example.org/'>" }],
    [{}, 'docs/a.html', 'x.png', '!docs/img/x.png', { text: '<base href="img/">' }],
  ]; // prettier-ignore
  for (const [tree, document, url, expected, options] of cases) {
    it(`${url} in ${document} is ${expected}`, async () => {
      assert.equal(await where(tree, document, url, options), expected);
    });
  }

  it('are unknown where a part is computed, and outside of the workspace', async () => {
    const urls = [
      ...['{{site.baseurl}}/img/x.png', '<%= root %>/x.png', '{{hero.image}}.png', '${base}/x.png'],
      ...['%PUBLIC_URL%/x.png', '@{img}/x.png', '#{$path}/x.png', '{base}/x.png', '<?= $x ?>/y.png'],
      ...['%sveltekit.assets%/x.png', '../../x.png', 'https://example.org/x.png', '//example.org/x.png'],
      ...['data:image/png;base64,AA==', '#x', ''],
    ]; // prettier-ignore
    for (const url of urls) {
      assert.equal(await where({ 'public/': '' }, 'docs/a.html', url), undefined, url);
    }
    const computed = { text: ':imagesdir: {docdir}/x\n' };
    assert.equal(await where({}, 'a.adoc', 'x.png', computed), undefined);
  });

  it('are not written into what tools make', async () => {
    assert.equal(await where({}, 'a.md', 'node_modules/x/a.png'), undefined);
    assert.equal(await where({}, 'a.md', '.git/a.png'), undefined);
  });
});
