declare module 'virtual:respond/core' { const words: Record<string, Record<string, string>>; export default words; }
declare module 'virtual:respond/more' { const words: Record<string, Record<string, string>>; export default words; }
declare module 'virtual:respond/core,page' { const words: Record<string, Record<string, string>>; export default words; }
declare module 'virtual:respond/core:vi' { const words: Record<string, string>; export default words; }
declare module 'virtual:respond/core:en' { const words: Record<string, string>; export default words; }
declare const __WORDS__: Record<string, string>;
declare const __MORE__: string;
