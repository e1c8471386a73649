/** What a build finds of what React 19 removed; the text of built files as minifiers leave it. */
import { removedByReact19 } from '../.config/webpack/react19';

it.each([
  ['findDOMNode', 'const n=r().findDOMNode(this);'],
  ['unmountComponentAtNode', 'a.unmountComponentAtNode(e)'],
  ['createFactory', 'const f=(0,r.createFactory)("a")'],
  ['propTypes', 'class A extends r.Component{}A.propTypes={a:i.string}'],
  ['contextTypes', 'A.contextTypes={a:i.string}'],
  ['childContextTypes', 'class A{static childContextTypes={}}'],
  ['getChildContext', 'class A{getChildContext(){return{}}}'],
  ['react-dom/test-utils', 'define(["react-dom/test-utils"],e=>e)'],
  [
    '__SECRET_INTERNALS_DO_NOT_USE_OR_YOU_WILL_BE_FIRED',
    'r.__SECRET_INTERNALS_DO_NOT_USE_OR_YOU_WILL_BE_FIRED.ReactCurrentOwner',
  ],
  ['refs that are strings', 'r().createElement("input",{type:"text",ref:"name"})'],
  ['ReactDOM.render or hydrate', 'define(["react","react-dom"],(e,t)=>{t.render(e,n)})'],
  ['defaultProps of a function', 'const $a=e=>null;$a.defaultProps={size:1}'],
])('finds %s', (name, code) => {
  expect(removedByReact19(code)).toEqual([name]);
});

it.each([
  'define(["react","react-dom"],(e,t)=>{t.createRoot(n);t.createPortal(e,n)})',
  'class $a extends r.Component{}$a.defaultProps={size:1}',
  'const b=class extends r.Component{};b.defaultProps={size:1}',
  'r().createElement("input",{ref:e})',
  'const myPropTypes={},refs={href:"#"};chart.render(e)',
])('leaves alone %s', (code) => {
  expect(removedByReact19(code)).toEqual([]);
});
