/* The rarer questions with their style, for those who draw in a shadow root. */
export { default, order } from './more';
export { default as css } from './more.css?inline';
