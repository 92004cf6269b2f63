declare module 'virtual:respond/core' { const words: Record<string, Record<string, string>>; export default words; }
declare module 'virtual:respond/more' { const words: Record<string, Record<string, string>>; export default words; }
declare module 'virtual:respond/core,page' { const words: Record<string, Record<string, string>>; export default words; }
declare module 'virtual:respond/core:vi' { const words: Record<string, string>; export default words; }
declare module 'virtual:respond/core:en' { const words: Record<string, string>; export default words; }
declare const __FILES__: Record<string, string>;
