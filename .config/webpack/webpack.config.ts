/*
 * Bundles every plugin under src/ (each folder with a plugin.json and a module.ts) the way @grafana/create-plugin does:
 * AMD modules, with everything that Grafana shares with plugins left external.
 *
 * Pages, panels and large editors are chunks, fetched by import() from the app's folder (src/publicPath.ts), so that what
 * app, panels and datasource have in common is there once. Each module runs what it fetched by itself, yet all of them see
 * each other's chunks: these must be the same for all (usedExports), and never those of another version (uniqueName).
 */
import CopyWebpackPlugin from 'copy-webpack-plugin';
import fs from 'fs';
import path from 'path';
import { type Configuration } from 'webpack';

import { React19 } from './react19';
import { Sizes } from './sizes';

const root = process.cwd();
const source = path.join(root, 'src');
const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));

/** Entry name (path in dist/ without suffix) -> module file, for the app and each nested plugin. */
function entries(): Record<string, string> {
  const files = fs.readdirSync(source, { recursive: true, encoding: 'utf8' });
  const modules = files.filter((file) => /(^|\/)module\.tsx?$/.test(file.replaceAll(path.sep, '/')));
  return Object.fromEntries(modules.map((file) => [file.replace(/\.tsx?$/, ''), path.join(source, file)]));
}

function fillIn(content: Buffer): string {
  return content
    .toString()
    .replaceAll('%VERSION%', version)
    .replaceAll('%TODAY%', new Date().toISOString().slice(0, 10));
}

/**
 * Grafana shows the README on the plugin's page, where links into the repository lead nowhere. Pictures come from below
 * public/; without the "./" Grafana takes their address away.
 */
function linkFromGrafana(content: Buffer): string {
  return content
    .toString()
    .replaceAll('](src/img/', '](./public/plugins/footfall-analytics-app/img/')
    .replaceAll(/\]\((?!https?:|#|\.\/)/g, '](https://github.com/footfall-analytics/footfall/blob/main/');
}

const externals: Configuration['externals'] = [
  { 'amd-module': 'module' },
  'lodash',
  'react',
  'react-dom',
  'rxjs',
  '@emotion/css',
  '@grafana/data',
  '@grafana/runtime',
  '@grafana/ui',
];

export default (env: { production?: boolean }): Configuration => ({
  mode: env.production ? 'production' : 'development',
  context: source,
  entry: entries(),
  externals,
  devtool: env.production ? 'source-map' : 'eval-source-map',
  cache: { type: 'filesystem', buildDependencies: { config: [path.join(root, '.config/webpack/webpack.config.ts')] } },

  module: {
    rules: [
      {
        test: /\.tsx?$/,
        exclude: /node_modules/,
        use: [
          {
            loader: 'swc-loader',
            options: {
              jsc: {
                target: 'es2018',
                parser: { syntax: 'typescript', tsx: true },
                transform: { react: { runtime: 'classic' } },
              },
            },
          },
          ...(env.production ? [path.join(root, '.config/webpack/texts.ts')] : []),
        ],
      },
    ],
  },
  resolve: { extensions: ['.ts', '.tsx', '.js'] },

  optimization: { usedExports: 'global' },

  output: {
    path: path.join(root, 'dist'),
    filename: '[name].js',
    chunkFilename: '[name].[contenthash].js',
    library: { type: 'amd' },
    uniqueName: `footfall-analytics-app ${version}`,
    // The Go build writes its executables and manifest into the same folders, before or after.
    clean: { keep: /gpx_|go_plugin_build_manifest/ },
  },

  plugins: [
    ...(env.production ? [new Sizes(), new React19()] : []),
    new CopyWebpackPlugin({
      patterns: [
        { from: '**/plugin.json', transform: fillIn },
        { from: 'dashboards/*.json' },
        { from: '**/img/**' },
        { from: path.join(root, 'README.md'), transform: linkFromGrafana },
        { from: path.join(root, 'CHANGELOG.md') },
        { from: path.join(root, 'LICENSE') },
      ],
    }),
  ],
});
