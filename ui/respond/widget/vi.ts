export { default } from 'virtual:respond/core:vi';
