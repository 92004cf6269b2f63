/* Written by `npm run types` from the served description; not edited by hand. */
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Why a request was refused (RFC 9457), in the reader's language */
        Problem: {
            /** @description The kind of problem, the same in every language */
            type: string;
            title: string;
            status: number;
            detail: string;
            instance: string;
            errors: components["schemas"]["ProblemError"][];
            /** @description Only while the server is preparing the data */
            progress?: components["schemas"]["Progress"] | null;
        };
        /** @description A question (docs/ask.md). */
        Question: {
            /** @description score, count, funnel, retention, paths, adherence, timeline or features. */
            ask: string;
            /** @description The calendar of this time zone; by default the installation's. */
            zone?: unknown;
            /** @description From this date on, in the configured zone. */
            from?: unknown;
            /** @description Before this date, in the configured zone. */
            to?: unknown;
            /** @description Conditions; all must hold. */
            where?: unknown;
            /** @description Split by these fields, at most four. */
            by?: unknown;
            /** @description hour, day, week, month, quarter or year; weeks start on Monday. */
            every?: unknown;
            /** @description nps, csat, ces or the id of a survey question. */
            metric?: unknown;
            /** @description Count: events, people, amount. Paths: edges, variants. */
            of?: unknown;
            /** @description Funnel: a list of 1 to 16 conditions, one a step. Paths: how many events a path has, 2 to 20. */
            steps?: unknown;
            /** @description Funnel: the time from the first step, for example 7d. */
            within?: unknown;
            /** @description Funnel: loose (other events may lie between) or strict (the very next event must be the next step). */
            order?: unknown;
            /** @description Retention: the event that puts a person into a cohort. Paths: begin with the first event that satisfies this. */
            start?: unknown;
            /** @description Retention: what counts as coming back; by default the same as start. */
            return?: unknown;
            /** @description Retention: how many periods, 1 to 400. */
            periods?: unknown;
            /** @description Retention: first (the first time ever) or every (each period with a start event). */
            cohort?: unknown;
            /** @description Retention: count periods by elapsed time instead of the calendar. */
            elapsed?: unknown;
            /** @description Paths: end with the last event that satisfies this. */
            end?: unknown;
            /** @description Paths: at most so many rows per group, 1 to 1000. */
            top?: unknown;
            /** @description Paths: of neighbours that are alike only the first stays. */
            collapse?: unknown;
            /** @description Paths: the field that names the nodes; by default kind. */
            node?: unknown;
            /** @description Paths: person or prop:NAME, for example a ticket. */
            traveller?: unknown;
            /** @description Paths: also rows that tell where paths begin and end. */
            ends?: unknown;
            /** @description Whose timeline. */
            person?: unknown;
            /** @description How many rows at most. */
            limit?: unknown;
            /** @description The page begins behind this. */
            after?: unknown;
            /** @description The journey; by default the one published first. */
            journey?: unknown;
            /** @description Read history under this version of the map. */
            version?: unknown;
            /** @description The versions that took part, as an answer tells them; decides nothing. */
            versions?: unknown;
            /** @description Only what had been received by this moment. */
            as_of?: unknown;
            /** @description Below this many answers a row has few = true. */
            minimum_n?: unknown;
        };
        /** @description An answer. */
        Answer: {
            /** @description The rows; their form depends on the kind of question (docs/ask.md). */
            rows?: unknown;
            /** @description Where the next page of a timeline begins. */
            next?: string | null;
            /** @description Only where no answer ever had the metric that is asked for: the metrics and questions that occur. */
            hint?: unknown;
            /** @description The question as it was understood: zone, versions, minimum n. */
            asked?: unknown;
            read?: components["schemas"]["Read"];
            /** @description The moment of the answer, milliseconds UTC. */
            as_of?: number;
            took_ms?: number;
        };
        /** @description Which events. */
        RowsQuestion: {
            /** @description The calendar of this time zone; by default the installation's. */
            zone?: unknown;
            /** @description From this date on, in the configured zone. */
            from?: unknown;
            /** @description Before this date, in the configured zone. */
            to?: unknown;
            /** @description Conditions; all must hold. */
            where?: unknown;
            /** @description How many rows at most. */
            limit?: unknown;
            /** @description The page begins behind this. */
            after?: unknown;
            /** @description The journey; by default the one published first. */
            journey?: unknown;
            /** @description Read history under this version of the map. */
            version?: unknown;
            /** @description The versions that took part, as an answer tells them; decides nothing. */
            versions?: unknown;
            /** @description Only what had been received by this moment. */
            as_of?: unknown;
        };
        /** @description An event. */
        Row: {
            id: string;
            /** @description When it happened. */
            at_ms?: number;
            /** @description When it arrived. */
            received_ms?: number;
            person?: components["schemas"]["RowPerson"] | null;
            /** @description The identity it arrived under. */
            alias?: string;
            source?: string | null;
            kind?: string | null;
            channel?: string | null;
            place?: string | null;
            /** @description The touchpoint derived from the map; null: on none. */
            touchpoint?: string | null;
            stage?: string | null;
            metric?: string | null;
            question?: string | null;
            /** @description The version of the survey. */
            version?: number | null;
            score?: number | null;
            scale?: string | null;
            /** @description Minor units of the currency. */
            amount?: number | null;
            currency?: string | null;
            text?: string;
            props?: unknown;
        };
        /** @description What really occurs in the data. */
        Catalogue: {
            kinds?: components["schemas"]["Counted"][];
            channels?: components["schemas"]["Counted"][];
            places?: components["schemas"]["Counted"][];
            sources?: components["schemas"]["Counted"][];
            touchpoints?: components["schemas"]["Counted"][];
            metrics?: components["schemas"]["Counted"][];
            questions?: components["schemas"]["Counted"][];
            currencies?: components["schemas"]["Counted"][];
            props?: components["schemas"]["CountedProp"][];
        };
        /** @description A question that is being answered. */
        Run: {
            /** @description The name that the asker gave the run, or an id. */
            run?: string | null;
            /** @description score, count, funnel, retention, paths, adherence, timeline or features. */
            ask?: string | null;
            /** @description Who asked: an e-mail address, the name of a key, or "local" for the command line. */
            who?: string | null;
            started_ms?: number;
            /** @description How much is done, from 0 to 1. */
            progress?: number;
        };
        /** @description One entry of the audit log: who changed or read what */
        AuditEntry: {
            id: number;
            at_ms: number | null;
            who: string;
            action: string;
            object: string;
            detail: string;
            address: string;
            /** @description Hash that chains this entry to the one before, so that tampering shows */
            digest: string;
        };
        /** @description A figure of an answer, to see the people behind it. */
        Behind: {
            /** @description The question that was answered. */
            question: unknown;
            /** @description The row of the answer; only the members that name it are read. */
            row: unknown;
            /** @description funnel: reached or lost; retention: cohort or returned; paths: edge or path; adherence: reached, done, late, never, open, skipped, repeated or people; count, score: people. */
            what?: unknown;
            /** @description retention: the period of the return, from 0. */
            k?: unknown;
            /** @description How many rows at most. */
            limit?: unknown;
            /** @description The page begins behind this. */
            after?: unknown;
        };
        /** @description A page of the people behind a figure, by id. */
        BehindPage: {
            items?: components["schemas"]["BehindPerson"][];
            /** @description Give as after for the next page; null: there is none. */
            next?: string | null;
            /** @description How many there are. */
            people?: number;
        };
        /** @description Several saved questions on one page */
        Dashboard: {
            id: string;
            name: string;
            description: string;
            /** @description The tiles, in the order of the page */
            tiles: components["schemas"]["Tile"][];
            /** @description The user who saved it; null: a key or the command line */
            owner?: string | null;
            /** @description Who saved it */
            by: string;
            /** @description Whether the asker may change or delete it */
            may_change: boolean;
            created_ms: number | null;
            changed_ms: number | null;
        };
        /** @description A new dashboard */
        DashboardNew: {
            name: string;
            description?: string | null;
            /** @description The tiles, in the order of the page */
            tiles?: components["schemas"]["Tile"][];
        };
        /** @description Only members that are sent change */
        DashboardChange: {
            name?: string | null;
            description?: string | null;
            /** @description The tiles, in the order of the page */
            tiles?: components["schemas"]["Tile"][];
        };
        /** @description Something that arrived, and what became of it. */
        DebugEntry: {
            at_ms?: number | null;
            source?: string | null;
            route?: string | null;
            type?: string | null;
            kind?: string | null;
            alias?: string | null;
            outcome?: string | null;
            reason?: string | null;
            message_id?: string | null;
            excerpt?: string | null;
        };
        /** @description The confirmation that removes the demo company */
        DemoClear: {
            /** @description The name of the demo company, typed again */
            confirm: string;
        };
        /** @description What was removed with the demo company */
        DemoCleared: {
            /** @description Events removed */
            events: number;
        };
        /** @description A term */
        Term: {
            term: string;
            title: string;
            text: string;
            /** @description The formula; empty without one */
            formula: string;
        };
        /** @description Health */
        Health: {
            ok: boolean;
            /** @description Parts that do not work: records, readonly, followers */
            failing: string[];
        };
        /** @description Version */
        Version: {
            name: string;
            version: string;
            started_ms: number | null;
        };
        /** @description An uploaded file; kept for seven days at most. */
        File: {
            id?: string | null;
            name?: string | null;
            size?: number;
        };
        /** @description An uploaded file, and the map if there is one. */
        ImportPreviewRequest: {
            file: string;
            map?: unknown;
        };
        /** @description The first rows of a file, the map guessed or given, and what is wrong with it. */
        ImportPreview: {
            columns?: string[];
            rows?: unknown;
            map?: unknown;
            encoding?: string | null;
            separator?: string | null;
            /** @enum {string} */
            kind?: "csv" | "tsv" | "xlsx" | "jsonl";
            sheets?: string[];
            problems?: components["schemas"]["ImportProblem"][];
            examples?: components["schemas"]["ImportExample"][];
        };
        /** @description The import of a file: every line is stored, known already, or refused with a reason. */
        Import: {
            id?: string | null;
            name?: string | null;
            /** @enum {string} */
            state?: "waiting" | "running" | "done" | "failed" | "cancelled" | "undone" | "refused";
            lines?: number;
            stored?: number;
            duplicates?: number;
            refused?: number;
            events?: number;
            progress?: number;
            started_ms?: number | null;
            ended_ms?: number | null;
            reasons?: components["schemas"]["ImportReason"][];
            failure?: string | null;
            file?: string | null;
            map?: unknown;
        };
        /** @description An uploaded file and the map of its columns (docs/import.md). */
        ImportRequest: {
            file: string;
            name?: string | null;
            map: unknown;
        };
        /** @description A journey in a list. */
        JourneySummary: {
            id?: string | null;
            name?: string | null;
            description?: string | null;
            /** @description The newest published version. */
            version?: number | null;
            published_ms?: number | null;
            /** @description There are changes that are not published. */
            draft?: boolean;
            /** @description Send it back in If-Match when saving a draft. */
            etag?: string | null;
        };
        /** @description A new journey. */
        JourneyNew: {
            name: string;
            /**
             * @description standard: with stages; empty: without.
             * @enum {string}
             */
            template?: "standard" | "empty";
        };
        /** @description A journey: its published map or the draft. */
        Journey: {
            id?: string | null;
            name?: string | null;
            description?: string | null;
            /** @description The newest published version. */
            version?: number | null;
            published_ms?: number | null;
            /** @description There are changes that are not published. */
            draft?: boolean;
            /** @description Send it back in If-Match when saving a draft. */
            etag?: string | null;
            stages?: components["schemas"]["Stage"][];
            lanes?: components["schemas"]["Lane"][];
            touchpoints?: components["schemas"]["Touchpoint"][];
        };
        /** @description The journey as an editor sends it. */
        JourneyDraft: {
            /** @description Read over, so that a journey can be sent back as it came. */
            id?: unknown;
            /** @description Read over, so that a journey can be sent back as it came. */
            version?: unknown;
            /** @description Read over, so that a journey can be sent back as it came. */
            published_ms?: unknown;
            /** @description Read over, so that a journey can be sent back as it came. */
            draft?: unknown;
            /** @description Read over, so that a journey can be sent back as it came. */
            etag?: unknown;
            name: string;
            description?: string | null;
            stages?: components["schemas"]["Stage"][];
            lanes?: components["schemas"]["Lane"][];
            touchpoints?: components["schemas"]["Touchpoint"][];
        };
        /** @description A published version; it never changes. */
        JourneyVersion: {
            version?: number;
            published_ms?: number | null;
            /** @description Decides for events from this moment on; null: from ever. */
            from_ms?: number | null;
            by?: string | null;
        };
        /** @description Events alike that lie on no touchpoint. */
        Unmapped: {
            kind?: string | null;
            channel?: string | null;
            metric?: string | null;
            events?: number;
            people?: number;
            suggested?: components["schemas"]["Touchpoint"] | null;
        };
        /** @description A finding. */
        Finding: {
            touchpoint?: string | null;
            name?: string | null;
            stage?: string | null;
            /** @description Split by this field; null: the whole touchpoint. */
            field?: string | null;
            value?: string | null;
            metric?: string | null;
            /** @description The unhappy kind of event. */
            event?: string | null;
            /** @enum {string} */
            kind?: "score" | "next_act" | "event_rate";
            now?: components["schemas"]["FindingFigure"] | null;
            before?: components["schemas"]["FindingFigure"] | null;
            rest?: components["schemas"]["FindingFigure"] | null;
            /** @description Now less the rest; of a whole touchpoint now less the time before. */
            delta?: number;
            /** @description How many people were there in this span. */
            people?: number;
            good?: boolean;
            /** @description The conditions that give these events. */
            where?: unknown;
        };
        /** @description The touchpoints to add. */
        JourneyAdopt: {
            touchpoints: components["schemas"]["Touchpoint"][];
        };
        /** @description An API key */
        Key: {
            id: string;
            name: string;
            /**
             * @description write can only collect; api reads or administers within its scopes
             * @enum {string}
             */
            kind: "write" | "api";
            /** @description For a write key: a browser verifies no e-mail or phone, a server does */
            trust?: string | null;
            /** @description What an api key may do */
            scopes: string[];
            /** @description The first characters of the key, to recognise it; the secret is shown once, when it is made */
            prefix: string;
            created_ms: number | null;
        };
        /** @description A key to make */
        KeyNew: {
            /** @description Events that come with it carry this name as their source */
            name: string;
            /**
             * @description write can only collect; api reads or administers within its scopes
             * @enum {string}
             */
            kind: "write" | "api";
            /** @description For a write key: a browser verifies no e-mail or phone, a server does */
            trust?: string | null;
            /** @description What an api key may do */
            scopes?: string[];
        };
        /** @description The key that was made */
        KeyMade: {
            key: components["schemas"]["Key"];
            /** @description Shown this once */
            secret: string;
        };
        /** @description A backup */
        Backup: {
            /** @description The target folder, empty or not there yet */
            to: string;
        };
        /** @description A person in a list */
        PersonSummary: {
            id: string;
            name: string;
            aliases: components["schemas"]["PersonAlias"][];
            events: number;
            last_ms: number | null;
            scores: components["schemas"]["ProfileScore"][];
        };
        /** @description A person */
        Person: {
            id: string;
            name: string;
            /** @description What is newest known about the person */
            traits: unknown;
            aliases: components["schemas"]["PersonAlias"][];
            first_ms: number | null;
            last_ms: number | null;
            events: number;
            /** @description How many events have an amount above zero */
            orders: number;
            amounts: components["schemas"]["ProfileAmount"][];
            scores: components["schemas"]["ProfileScore"][];
        };
        /** @description A certificate of erasure, without personal data */
        Erasure: {
            id: string;
            person: string;
            asked_ms: number | null;
            done_ms: number | null;
            /** @description How many events were removed */
            events: number;
            aliases: number;
            /** @description SHA-256 over the ids of the removed events, in order */
            digest: string;
            pending?: string | null;
        };
        /** @description A question kept under a name; never its answer */
        SavedQuestion: {
            id: string;
            name: string;
            description: string;
            /** @description The question, in the language of docs/ask.md; not about one person */
            question: unknown;
            /**
             * @description A period that moves with time; empty: the question's own from and to
             * @enum {string}
             */
            period: "" | "7d" | "30d" | "90d" | "12m" | "all";
            /**
             * @description Looked at as a chart or as a table
             * @enum {string}
             */
            shown: "chart" | "table";
            /** @description The user who saved it; null: a key or the command line */
            owner?: string | null;
            /** @description Who saved it */
            by: string;
            /** @description Whether the asker may change or delete it */
            may_change: boolean;
            created_ms: number | null;
            changed_ms: number | null;
        };
        /** @description A question to save */
        SavedQuestionNew: {
            name: string;
            description?: string | null;
            /** @description The question, in the language of docs/ask.md; not about one person */
            question: unknown;
            /**
             * @description A period that moves with time; empty: the question's own from and to
             * @enum {string}
             */
            period?: "" | "7d" | "30d" | "90d" | "12m" | "all";
            /**
             * @description Looked at as a chart or as a table
             * @enum {string}
             */
            shown?: "chart" | "table";
        };
        /** @description Only members that are sent change */
        SavedQuestionChange: {
            name?: string | null;
            description?: string | null;
            /** @description The question, in the language of docs/ask.md; not about one person */
            question?: unknown;
            /**
             * @description A period that moves with time; empty: the question's own from and to
             * @enum {string}
             */
            period?: "" | "7d" | "30d" | "90d" | "12m" | "all";
            /**
             * @description Looked at as a chart or as a table
             * @enum {string}
             */
            shown?: "chart" | "table";
        };
        /** @description Who is signed in and what the installation is */
        Session: {
            user: components["schemas"]["SessionUser"] | null;
            /** @description The rights that are held */
            rights: string[];
            installation: components["schemas"]["Installation"];
        };
        /** @description E-mail and password */
        SignIn: {
            email: string;
            password: string;
        };
        /** @description The token of a one-time link */
        LinkToken: {
            /** @description What stands behind # in the address */
            token: string;
        };
        /** @description What a one-time link is for */
        Link: {
            /** @enum {string} */
            purpose: "owner" | "invitation" | "reset";
            email?: string | null;
            name?: string | null;
            /** @enum {string} */
            role: "owner" | "manager" | "analyst" | "agent" | "viewer";
        };
        /** @description Using a one-time link */
        LinkAnswer: {
            /** @description What stands behind # in the address */
            token: string;
            /** @description Needed to create the first owner */
            email?: string | null;
            name?: string | null;
            password: string;
        };
        /** @description What users change about themselves */
        MeChange: {
            name?: string | null;
            /** @description vi, en, or empty: the browser's */
            language?: string | null;
            old_password?: string | null;
            /** @description Needs old_password; all other sessions end */
            new_password?: string | null;
        };
        /** @description Settings of the installation */
        Settings: {
            /** @description The name of the organisation */
            organisation: string;
            /** @description The time zone of days, weeks and months */
            zone: string;
            /**
             * @description The language of readers who name none
             * @enum {string}
             */
            language: "vi" | "en";
            /** @description Below this many answers a score is marked as few */
            minimum_n: number;
            /** @description The address under which people open the installation */
            public_url: string;
            /** @description For how many days a message id is remembered, to recognise repeats */
            dedupe_days: number;
            /** @description Network addresses are shortened before they are stored */
            truncate_addresses: boolean;
            /** @description The installation holds the demo company */
            readonly demo: boolean;
        };
        /** @description The settings to change */
        SettingsChange: {
            /** @description The name of the organisation */
            organisation?: string | null;
            /** @description The time zone of days, weeks and months */
            zone?: string | null;
            /**
             * @description The language of readers who name none
             * @enum {string}
             */
            language?: "vi" | "en";
            /** @description Below this many answers a score is marked as few */
            minimum_n?: number;
            /** @description The address under which people open the installation */
            public_url?: string | null;
            /** @description For how many days a message id is remembered, to recognise repeats */
            dedupe_days?: number;
            /** @description Network addresses are shortened before they are stored */
            truncate_addresses?: boolean;
        };
        /** @description The stores and processes of the installation */
        System: {
            /** @description Several processes can share these stores */
            shared: boolean;
            stores: components["schemas"]["SystemStore"][];
            processes: components["schemas"]["Process"][];
        };
        /** @description A user of the installation */
        User: {
            id: string;
            email: string;
            name: string;
            /** @enum {string} */
            role: "owner" | "manager" | "analyst" | "agent" | "viewer";
            language?: string | null;
            /** @description May sign in */
            active: boolean;
            /** @description Was invited and has set no password yet */
            invited: boolean;
            /** @description Sees only these places; none means all */
            places: string[];
            /** @description Sees only these departments; none means all */
            departments: string[];
            created_ms: number | null;
        };
        /** @description Somebody to invite */
        UserNew: {
            email: string;
            name: string;
            /** @enum {string} */
            role: "owner" | "manager" | "analyst" | "agent" | "viewer";
            /** @description Sees only these places; none means all */
            places?: string[];
            /** @description Sees only these departments; none means all */
            departments?: string[];
        };
        /** @description The new user and their link */
        UserInvited: {
            user: components["schemas"]["User"];
            /** @description To hand over; works once, within seven days */
            link: string;
        };
        /** @description What to change about a user */
        UserChange: {
            name?: string | null;
            /** @enum {string} */
            role?: "owner" | "manager" | "analyst" | "agent" | "viewer";
            /** @description May sign in */
            active?: boolean;
            /** @description Sees only these places; none means all */
            places?: string[];
            /** @description Sees only these departments; none means all */
            departments?: string[];
        };
        /** @description A one-time link */
        UserLink: {
            /** @description To hand over; works once, within seven days */
            link: string;
        };
        /** @description One place of the input that is wrong */
        ProblemError: {
            pointer: string;
            detail: string;
        };
        /** @description How far the preparation has come */
        Progress: {
            /** @description The share that is done, from 0 to 1 */
            share: number;
            /** @description What is being done: people, snapshot, events or index */
            doing: string;
            /** @description Events read from the log so far; 0 when nothing is counted */
            events: number;
            /** @description About how many events there are to read; 0 when nothing is counted */
            of: number;
        };
        /** @description What the question read. */
        Read: {
            /** @description Events that were looked at. */
            events?: number;
            /** @description People who were looked at. */
            people?: number;
            /** @description The most memory that the question used at one time, beside the index. */
            bytes?: number;
            /** @description Threads that answered together. */
            threads?: number;
        };
        /** @description The person of the event. */
        RowPerson: {
            id: string;
            name?: string | null;
        };
        /** @description A value and how many events have it. */
        Counted: {
            value?: string | null;
            events?: number;
        };
        /** @description A property of events. */
        CountedProp: {
            /** @description The property's name; used behind “prop:”. */
            value?: string | null;
            /** @description Different values; 200 means 200 or more. */
            distinct?: number;
            events?: number;
            sample?: string[];
        };
        /** @description A person behind the figure. */
        BehindPerson: {
            id?: string | null;
            name?: string | null;
            /** @description The moment at which it was decided that the person counts, milliseconds UTC. */
            at_ms?: number | null;
        };
        /** @description A tile of a dashboard */
        Tile: {
            /** @description The saved question */
            question: string;
            /**
             * @description Half or the whole width of the page
             * @enum {string}
             */
            width: "half" | "full";
        };
        /** @description What is wrong at a place of the map. */
        ImportProblem: {
            target?: string | null;
            detail?: string | null;
        };
        /** @description What the first rows become. */
        ImportExample: {
            target?: string | null;
            values?: unknown;
        };
        /** @description Why lines were refused, and how many. */
        ImportReason: {
            reason?: string | null;
            count?: number;
        };
        /** @description A stage of the journey. */
        Stage: {
            id: string;
            name: string;
            description?: string | null;
        };
        /** @description A lane: who carries it. */
        Lane: {
            id: string;
            name: string;
            department?: string | null;
        };
        /** @description A touchpoint: function, customer task, required and sufficient emotion, next act. */
        Touchpoint: {
            /** @description The same in all versions. */
            id: string;
            name: string;
            stage: string;
            lane?: string | null;
            function?: string | null;
            task?: string | null;
            required_emotion?: components["schemas"]["Emotion"] | null;
            sufficient_emotion?: components["schemas"]["Emotion"] | null;
            next_act?: components["schemas"]["NextAct"] | null;
            department?: string | null;
            channel?: string | null;
            /** @description PX, BX, DX or UX. */
            dimension?: string | null;
            metric?: string | null;
            moment_that_matters?: boolean;
            /** @description The events that belong to it; an empty list: none. */
            where?: unknown;
        };
        /** @description A figure with its 95 % interval and n. */
        FindingFigure: {
            n?: number;
            score?: number;
            low?: number;
            high?: number;
        };
        /** @description An alias of a person */
        PersonAlias: {
            /** @description Its kind: user, anon, email, phone */
            kind: string;
            value: string;
            /** @description A server, an import or staff vouches for it */
            verified: boolean;
            since_ms: number | null;
        };
        /** @description A person's scores by metric */
        ProfileScore: {
            metric: string;
            n: number;
            score: number | null;
            low: number | null;
            high: number | null;
            few: boolean;
        };
        /** @description Sums of money by currency */
        ProfileAmount: {
            currency: string;
            /** @description Minor units of the currency. */
            amount: number;
        };
        /** @description Who is signed in */
        SessionUser: {
            id: string;
            email: string;
            name: string;
            /** @enum {string} */
            role: "owner" | "manager" | "analyst" | "agent" | "viewer";
            language?: string | null;
            places: string[];
            departments: string[];
        };
        /** @description This installation */
        Installation: {
            organisation: string;
            zone: string;
            /** @enum {string} */
            language: "vi" | "en";
            /** @description Below this many answers a score is marked as few */
            minimum_n: number;
            /** @description The installation holds the demo company */
            demo: boolean;
            /** @description Nobody can administer yet */
            needs_owner: boolean;
            /** @description Only reading for now; nothing new is stored */
            readonly: boolean;
            version: string;
        };
        /** @description A store */
        SystemStore: {
            /** @description records, events, or index: the journey index in memory */
            name: string;
            /** @enum {string} */
            engine: "sqlite" | "postgresql" | "clickhouse" | "memory";
            /**
             * @description away: it does not answer; readonly: nothing new can be stored until it has space again
             * @enum {string}
             */
            state: "ok" | "away" | "readonly";
            version?: string | null;
            /** @description The folder, or the address without its password */
            place?: string | null;
            /** @description How much it takes; none where that is not known */
            bytes?: number | null;
            /** @description How many events */
            events?: number | null;
            /** @description The cluster's shards */
            shards?: number | null;
            /** @description The servers of all its shards */
            replicas?: number | null;
            hosts: components["schemas"]["SystemHost"][];
            files: components["schemas"]["SystemFile"][];
        };
        /** @description A running `cham serve` */
        Process: {
            id: string;
            /** @description The machine's name */
            name: string;
            version: string;
            /** @description Its own data folder */
            folder: string;
            started_ms: number | null;
            /** @description When it last said that it lives, by the clock of the records */
            seen_ms: number | null;
            /** @description The one that answers */
            self: boolean;
        };
        /** @description An emotion as a target, and the score by which it shows. */
        Emotion: {
            /** @description The word for it, such as “at ease”. */
            word?: string | null;
            metric?: string | null;
            at_least?: number | null;
        };
        /** @description The intended next act and its time limit. */
        NextAct: {
            name?: string | null;
            when: unknown;
            /** @description The time limit, such as 36h or 7d, from arriving at the touchpoint. */
            within: string;
        };
        /** @description A server of a store */
        SystemHost: {
            name: string;
            version?: string | null;
            /** @enum {string} */
            state: "ok" | "away" | "readonly";
        };
        /** @description A file of the data folder */
        SystemFile: {
            name: string;
            bytes: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
