export { default } from 'virtual:respond/core:en';
