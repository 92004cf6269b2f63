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
        /** @description What goes with a score: relative importance, R² and 95 % bootstrap intervals. */
        Drivers: {
            /** @enum {string} */
            by: "topics" | "questions" | "touchpoints";
            metric?: string | null;
            question?: string | null;
            scale?: string | null;
            /** @description Rows of the regression. */
            n: number;
            /** @description Answers that were left out: another scale, a driver without a value, or too many. */
            left_out: number;
            /** @description Too few to say anything. */
            few: boolean;
            /** @description How many it takes. */
            need: number;
            /**
             * @description lmg: mean over all orders (Lindeman, Merenda and Gold 1980); relative_weights: Johnson 2000.
             * @enum {string}
             */
            method: "lmg" | "relative_weights";
            /** @description The part of the score's variance that is explained, 0 to 1. */
            r2: number;
            r2_low: number;
            r2_high: number;
            drivers: components["schemas"]["Driver"][];
            /** @description What this does not say. */
            caveat: string;
        };
        /** @description A forecast with intervals and a test on the past. */
        Forecast: {
            /** @enum {string} */
            of: "score" | "count";
            every: string;
            /** @description points (NPS), percent (CSAT), mean, feedback (how many). */
            unit: string;
            /** @description The history is too short or has too many gaps: nothing is forecast. */
            few: boolean;
            /** @description How many periods it takes. */
            need: number;
            have: number;
            /** @description The method with the smallest error on the past. */
            method?: string | null;
            history: components["schemas"]["ForecastPoint"][];
            forecast: components["schemas"]["ForecastPoint"][];
            backtest?: components["schemas"]["ForecastCheck"] | null;
        };
        /** @description Two groups of feedback, each a filter. */
        CompareInput: {
            first: components["schemas"]["FeedbackFilter"];
            second: components["schemas"]["FeedbackFilter"];
        };
        /** @description How two groups differ. */
        Comparison: {
            first: components["schemas"]["CompareSide"];
            second: components["schemas"]["CompareSide"];
            /** @description How many things were compared. */
            compared: number;
            rows: components["schemas"]["CompareRow"][];
        };
        /** @description The most demanding tenth beside the mean. */
        Demanding: {
            metric?: string | null;
            question?: string | null;
            scale?: string | null;
            left_out: number;
            rows: components["schemas"]["DemandingRow"][];
        };
        /** @description Phrases that are new. */
        Phrases: {
            /** @description From when on a text is new. */
            since: string;
            weeks: number;
            now_texts: number;
            before_texts: number;
            left_out: number;
            /** @description How many phrases were tested. */
            tested: number;
            rows: components["schemas"]["Phrase"][];
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
        /** @description One time a rule ran */
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
        /** @description What others reached, with source and method. */
        Benchmark: {
            readonly id?: string | null;
            /** @description Of whom, such as "Electronics retail, Viet Nam" */
            name: string;
            /** @enum {string} */
            metric: "nps" | "csat" | "ces";
            /** @description The scale: 0-10, 1-5, 1-10, 1-7; none: the metric's own */
            scale?: string | null;
            /** @description The series of the question with that wording, such as nps.recommend; empty: not known */
            question?: string | null;
            /** @description The channel people were asked through; empty: not known */
            asked?: string | null;
            /** @description When it was measured, as 2026-11-22 */
            from: string;
            /** @description When it was measured, as 2026-11-22 */
            to: string;
            /** @description NPS: points; CSAT: percent of top boxes; CES: mean */
            value: number;
            /** @description The published interval */
            low?: number | null;
            /** @description The published interval */
            high?: number | null;
            /** @description Answers; 0: not published */
            answers?: number;
            /** @description Who published it, and where */
            source: string;
            /** @description Address of the source */
            url?: string | null;
            /** @description Notes on the method */
            note?: string | null;
            readonly by?: string | null;
            readonly created_ms?: number | null;
            readonly changed_ms?: number | null;
        };
        /** @description A benchmark, and why it may not be compared. */
        BenchmarkBeside: {
            benchmark: components["schemas"]["Benchmark"];
            /** @description The first thing that differs: metric, scale, question, asked; unknown: the method is not known; null: comparable */
            differs?: string | null;
        };
        /** @description A word given or withdrawn; the newest counts */
        Consent: {
            id: string;
            /** @description Whose word it is, such as user:U1 */
            alias: string;
            /**
             * @description What for
             * @enum {string}
             */
            purpose: "survey" | "service" | "marketing" | "research" | "training";
            /** @enum {string} */
            state: "given" | "withdrawn";
            /** @description The version of the words that were shown; 0: none, for a withdrawal only */
            wording: number;
            /** @description For one channel alone; none: for all */
            channel?: string | null;
            /**
             * @description How it was said
             * @enum {string}
             */
            how: "form" | "call" | "paper" | "import" | "survey" | "opt_out" | "staff" | "api";
            /** @description Where the proof lies: a form's number, a recording */
            evidence?: string | null;
            /** @description When the person said so; now by default */
            at_ms: number | null;
            recorded_ms: number | null;
            /** @description Who recorded it */
            by: string;
        };
        /** @description A word of this person, given or withdrawn */
        ConsentNew: {
            /** @description One of this person's own ids; the company's id by default */
            alias?: string | null;
            /**
             * @description What for
             * @enum {string}
             */
            purpose: "survey" | "service" | "marketing" | "research" | "training";
            /** @enum {string} */
            state: "given" | "withdrawn";
            /** @description The version of the words that were shown; 0: none, for a withdrawal only */
            wording?: number;
            /**
             * @description For one channel alone; none: for all
             * @enum {string}
             */
            channel?: "all" | "email" | "webhook";
            /**
             * @description How it was said
             * @enum {string}
             */
            how: "form" | "call" | "paper" | "import" | "survey" | "opt_out" | "staff" | "api";
            /** @description Where the proof lies: a form's number, a recording */
            evidence?: string | null;
            /** @description When the person said so; now by default */
            at_ms?: number | null;
        };
        /** @description An address that refused mail for good and gets none any more */
        Suppression: {
            address: string;
            /** @description Why it was refused, waits or failed */
            reason: string;
            since_ms: number | null;
        };
        /** @description Many words at once */
        ConsentList: {
            items: components["schemas"]["ConsentOf"][];
        };
        ConsentsRecorded: {
            recorded: number;
        };
        /** @description The words people agree to; never changed, only followed by a new version */
        ConsentWording: {
            /** @enum {string} */
            purpose: "survey" | "service" | "marketing" | "research" | "training";
            version: number;
            /** @description The words by language: {"vi":"…","en":"…"} */
            texts: unknown;
            created_ms: number | null;
            by: string;
        };
        /** @description New words for a purpose */
        ConsentWordingNew: {
            /** @enum {string} */
            purpose: "survey" | "service" | "marketing" | "research" | "training";
            /** @description The words by language: {"vi":"…","en":"…"} */
            texts: unknown;
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
        /** @description Something a customer said or scored, whatever the source */
        Feedback: {
            id: string;
            /** @description When it was said */
            at_ms: number | null;
            received_ms: number | null;
            person?: components["schemas"]["FeedbackPerson"] | null;
            alias?: string;
            /** @description survey, review, mention, complaint, interview, call, chat, email or other */
            source: string;
            kind: string;
            channel?: string | null;
            place?: string | null;
            /** @description The touchpoint as declared by the sender or corrected by somebody */
            touchpoint?: string | null;
            metric?: string | null;
            question?: string | null;
            version?: number | null;
            survey?: string | null;
            response?: string | null;
            score?: number | null;
            scale?: string | null;
            /** @description The wording was reversed and the score flipped when it was taken in */
            reversed?: boolean;
            text?: string;
            /** @description vi, en or other */
            language?: string | null;
            /** @description The overall feeling, from -1 to 1 */
            sentiment?: number | null;
            /** @description negative, neutral or positive */
            class?: string | null;
            /** @description joy, sadness, anger, fear, disgust or surprise */
            emotion?: string | null;
            complaint?: boolean;
            /** @description Advertising or nonsense */
            spam?: boolean;
            /** @description The topics it speaks of, each with how well */
            topics?: unknown;
            /** @description What the company's own model says */
            label?: string | null;
            confidence?: number | null;
            /** @description new, read, waiting, done or ignored */
            status: string;
            /** @description The user who looks after it */
            owner?: string | null;
            product?: string;
            author?: string;
            url?: string;
        };
        /** @description What a filter finds, counted by each criterion, and its scores */
        FeedbackCounts: {
            n: number;
            with_text: number;
            complaints: number;
            spam: number;
            facets: components["schemas"]["Facet"][];
            /** @description A row for each metric and scale; scales are never pooled */
            scores: unknown;
        };
        /** @description How a text is read. */
        FeedbackReading: {
            text: string;
            /** @description vi, en or other */
            language?: string | null;
            /** @description The overall feeling, from -1 to 1 */
            sentiment?: number;
            /** @description negative, neutral or positive */
            class?: string | null;
            /** @description joy, sadness, anger, fear, disgust or surprise */
            emotion?: string | null;
            complaint?: boolean;
            /** @description The topics it speaks of, each with how well */
            topics?: unknown;
            mixed?: boolean;
            /** @description Advertising or nonsense */
            spam?: boolean;
            nonsense?: boolean;
            /** @description The words it rests on: text, at (byte), weight, what. */
            because?: unknown;
        };
        /** @description A saved view */
        FeedbackView: {
            id: string;
            name: string;
            /** @description A filter of feedback: values of one criterion are "or", criteria are "and" */
            filter: unknown;
            /** @description Everybody sees it */
            shared: boolean;
            owner?: string | null;
            by: string;
            /** @description Whether the asker may change or delete it */
            may_change: boolean;
            created_ms: number | null;
            changed_ms: number | null;
        };
        /** @description A saved view */
        FeedbackViewNew: {
            name: string;
            /** @description A filter of feedback: values of one criterion are "or", criteria are "and" */
            filter: unknown;
            /** @description Everybody sees it */
            shared?: boolean;
        };
        /** @description A saved view */
        FeedbackViewChange: {
            name?: string | null;
            /** @description A filter of feedback: values of one criterion are "or", criteria are "and" */
            filter?: unknown;
            /** @description Everybody sees it */
            shared?: boolean;
        };
        /** @description What staff write down for a customer */
        FeedbackNew: {
            /** @enum {string} */
            source: "complaint" | "call" | "chat" | "email" | "other";
            text: string;
            /** @description An id, an alias such as user:U1, an e-mail address or a telephone number */
            person?: string | null;
            channel?: string | null;
            place?: string | null;
            touchpoint?: string | null;
            metric?: string | null;
            scale?: string | null;
            score?: number | null;
            /** @description When it was said; now unless given */
            at_ms?: number | null;
            /** @description A key of the client: with the same one it is stored once */
            key?: string | null;
        };
        /** @description A change of one or many; what is not given stays */
        FeedbackChange: {
            /** @enum {string} */
            status?: "new" | "read" | "waiting" | "done" | "ignored";
            /** @description The id of who looks after it; me: oneself; none: nobody does */
            owner?: string | null;
            /** @description What was set by hand of what was read */
            corrected?: unknown;
            /** @description Members that are as read again */
            reset?: string[];
            /** @description Becomes evidence of this pain point */
            pain?: string | null;
            /** @description Is evidence of this pain point no more */
            not_pain?: string | null;
        };
        /** @description What staff did with a feedback */
        FeedbackWork: {
            /** @description What was set by hand of what was read */
            corrected?: unknown;
            changed_ms?: number | null;
            by?: string | null;
            pains: components["schemas"]["FeedbackPain"][];
        };
        /** @description Which feedbacks change, and what */
        FeedbackBulkNew: {
            /** @description A filter of feedback: values of one criterion are "or", criteria are "and" */
            filter: unknown;
            /** @description A change of one or many; what is not given stays */
            change: unknown;
        };
        /** @description A change of many feedbacks */
        FeedbackBulk: {
            id: string;
            change: unknown;
            by: string;
            at_ms: number | null;
            /** @description How many are meant */
            found: number;
            /** @description How many were gone through */
            done: number;
            /** @description How many were different before */
            changed: number;
            /** @description running, done, undoing or undone */
            state: string;
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
        /** @description Whom to invite, through which channel */
        InviteWish: {
            /** @description An id or alias of each person, such as user:U1 */
            people?: string[];
            /** @description Conditions that choose people, as in docs/ask.md */
            where?: unknown;
            /** @description At most so many people */
            most?: number;
            /** @enum {string} */
            channel?: "email" | "webhook";
            /** @description The webhook target */
            target?: string | null;
            /** @description With the same key again nobody is invited twice */
            key?: string | null;
        };
        Invited: {
            /** @description Invitations that were queued; the gate decides when they are sent */
            invited: number;
        };
        /** @description A message or call that was sent, waits or was refused */
        Send: {
            id: string;
            rule?: string | null;
            run?: string | null;
            person?: string | null;
            person_name?: string | null;
            /** @enum {string} */
            purpose: "survey" | "service" | "marketing" | "research" | "training";
            /** @enum {string} */
            channel: "email" | "webhook";
            /** @description What kind of message: survey, webhook */
            what: string;
            /** @description The survey it invites to */
            object?: string | null;
            /** @description The webhook target */
            target?: string | null;
            /** @enum {string} */
            state: "waiting" | "sending" | "sent" | "refused" | "failed" | "cancelled";
            /** @description Why it was refused, waits or failed */
            reason?: string | null;
            attempts: number;
            created_ms: number | null;
            due_ms: number | null;
            sent_ms?: number | null;
            by?: string | null;
        };
        /** @description How many of those invited answered, and what looks odd */
        SurveyHonesty: {
            /** @description Invitations that went out */
            invited: number;
            answered: number;
            rate: number;
            low: number;
            high: number;
            outcomes: components["schemas"]["HonestCount"][];
            /** @description Who is silent: invited and answered by group */
            groups: components["schemas"]["HonestGroup"][];
            /** @description Who chose by hand, and how many of the chosen had given 9 or 10 before; the first is everybody */
            selective: components["schemas"]["HonestGroup"][];
            /** @description Responses of people who work here */
            staff: string[];
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
        /** @description What was found out */
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
        /** @description What came of a message */
        MentionsTaken: {
            stored: number;
            duplicates: number;
        };
        /** @description A listening service that sends us mentions */
        MentionSource: {
            id: string;
            name: string;
            /** @description The signing secret, only when it is made */
            secret?: string;
            by: string;
            created_ms: number | null;
            /** @description When its last message was taken */
            last_ms?: number | null;
        };
        /** @description A listening service that sends us mentions */
        MentionSourceNew: {
            name: string;
        };
        /** @description The company's model of its customers' words. */
        Model: {
            id: string;
            /** @description It labels feedback now. */
            current: boolean;
            /** @description Texts it learnt from. */
            texts: number;
            /** @description Of these, corrected by staff. */
            corrections: number;
            /** @description Share of right answers on texts it had not seen. */
            accuracy: number;
            /** @description Mean F1 of the labels, rare ones counting as much as common ones. */
            macro_f1: number;
            /** @description Mean F1 weighted by each label's examples. */
            weighted_f1: number;
            /** @description The accuracy of always saying the most common label. */
            most_common: number;
            folds: number;
            labels: components["schemas"]["ModelLabel"][];
            trained: number | null;
            by?: string | null;
        };
        /** @description Learning: how it stands, what there is. */
        ModelTraining: {
            /** @description none, waiting, running, done, failed, cancelled. */
            state: string;
            progress: number;
            /** @description The key of the sentence that says why it failed. */
            failure?: string | null;
            /** @description Feedback whose reading staff corrected. */
            corrections: number;
            /** @description Feedback with both words and a score. */
            scored: number;
            /** @description How many texts it takes. */
            need: number;
        };
        ModelTry: {
            text: string;
        };
        /** @description What the model says and why. */
        ModelGuess: {
            /** @description The label; null: there is no model, or nothing to read. */
            label?: string | null;
            confidence?: number | null;
            because: components["schemas"]["ModelWord"][];
        };
        /** @description An example it got wrong. */
        ModelWrong: {
            feedback: string;
            /** @description The label by correction or score. */
            said: string;
            guessed: string;
            confidence: number;
        };
        /** @description Something out of the ordinary: a day, or a change that lasts. */
        Alert: {
            id: string;
            /** @description spike: many more than usual; drop: many fewer; drift: changed for good. */
            kind: string;
            /** @description volume, complaint, negative, topic (spoken badly of), score. */
            what: string;
            /** @description Which topic or metric. */
            key?: string | null;
            /** @description The day of a spike; the week since which a drift lasts. */
            period: string;
            observed: number;
            expected: number;
            /** @description 95 % of ordinary days lie between low and high. */
            low?: number | null;
            high?: number | null;
            /** @description Probability of that on an ordinary day. */
            p?: number | null;
            /** @description The filter that finds the feedback behind it. */
            filter?: unknown;
            created: number | null;
            /** @description It was put aside. */
            seen?: number | null;
            by?: string | null;
        };
        AlertsLooked: {
            /** @description What was not known before. */
            found: number;
        };
        AlertChange: {
            /** @description It was put aside. */
            seen: boolean;
        };
        /** @description A backup */
        Backup: {
            /** @description The target folder, empty or not there yet */
            to: string;
        };
        /** @description The message this link belongs to */
        OptOut: {
            organisation: string;
            /** @description The address, mostly hidden */
            address: string;
            /** @enum {string} */
            purpose: "survey" | "service" | "marketing" | "research" | "training";
            /** @enum {string} */
            channel: "email" | "webhook";
            /** @description Nothing is sent for this purpose now */
            out: boolean;
        };
        OptOutWish: {
            /** @description All purposes, not only this message's */
            all?: boolean;
        };
        /** @description A pain point, with evidence */
        Pain: {
            readonly id: string;
            name: string;
            description: string;
            touchpoint?: string | null;
            /** @enum {string} */
            status: "new" | "confirmed" | "working" | "solved" | "dropped";
            owner?: string | null;
            /** @description A filter: feedback that meets it is evidence too */
            matches?: unknown;
            /** @description The pain point it became a part of */
            merged?: string | null;
            by: string;
            created_ms: number | null;
            changed_ms: number | null;
            /** @description How much feedback is evidence */
            evidence: number;
        };
        /** @description A pain point, with evidence */
        PainNew: {
            name: string;
            description?: string | null;
            touchpoint?: string | null;
            /** @enum {string} */
            status?: "new" | "confirmed" | "working" | "solved" | "dropped";
            owner?: string | null;
            /** @description A filter: feedback that meets it is evidence too */
            matches?: unknown;
        };
        /** @description Two pain points that may be one */
        PainPair: {
            a: string;
            b: string;
            a_name: string;
            b_name: string;
            /** @description evidence: shared feedback; words: shared words */
            why: string;
            /** @description How much is shared, 0 to 1 */
            share: number;
        };
        /** @description A pain point, with evidence */
        PainChange: {
            name?: string | null;
            description?: string | null;
            touchpoint?: string | null;
            /** @enum {string} */
            status?: "new" | "confirmed" | "working" | "solved" | "dropped";
            owner?: string | null;
            /** @description A filter: feedback that meets it is evidence too */
            matches?: unknown;
        };
        /** @description How large a pain point is */
        PainSize: {
            feedback: number;
            people: number;
            /** @description How much of it no person is known of */
            nobody: number;
            complaints: number;
            /** @description All feedback with words in the same time */
            of: number;
            /** @description The share of all feedback with words, 0 to 1, with its 95 % interval */
            share: number | null;
            low: number | null;
            high: number | null;
            weeks: components["schemas"]["PainWeek"][];
        };
        /** @description Which pain point it becomes a part of */
        PainMerge: {
            into: string;
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
        /** @description A promise to customers, and the test of whether it is kept. */
        Promise: {
            id: string;
            /** @description The promise, as customers hear it. */
            text_vi?: string | null;
            /** @description The promise, as customers hear it. */
            text_en?: string | null;
            /** @description Id of the touchpoint in the map. */
            touchpoint?: string | null;
            /** @description Where it was made: home page, advertisement, contract. */
            made_where?: string | null;
            /** @description Who stands behind it. */
            made_by?: string | null;
            /** @description From which day on it holds (2026-11-22); what came before does not count. */
            since?: string | null;
            /** @description The least share that must be kept, above 0 and at most 1. */
            target: number;
            /** @description Not promised any more. */
            retired: boolean;
            /** @description The test: {"kind":"follows","when":[…],"then":[…],"within":"2d"}, {"kind":"share","of":[…],"kept":[…]} or {"kind":"gap","expected":"…","experienced":"…"}. */
            test: unknown;
            /** @description Who wrote it down. */
            by: string;
            created_ms: number | null;
            changed_ms: number | null;
        };
        /** @description A new promise: words in at least one language, target and test. */
        PromiseNew: {
            /** @description The promise, as customers hear it. */
            text_vi?: string | null;
            /** @description The promise, as customers hear it. */
            text_en?: string | null;
            /** @description Id of the touchpoint in the map. */
            touchpoint?: string | null;
            /** @description Where it was made: home page, advertisement, contract. */
            made_where?: string | null;
            /** @description Who stands behind it. */
            made_by?: string | null;
            /** @description From which day on it holds (2026-11-22); what came before does not count. */
            since?: string | null;
            /** @description The least share that must be kept, above 0 and at most 1. */
            target: number;
            /** @description The test: {"kind":"follows","when":[…],"then":[…],"within":"2d"}, {"kind":"share","of":[…],"kept":[…]} or {"kind":"gap","expected":"…","experienced":"…"}. */
            test: unknown;
        };
        /** @description What changes about a promise. */
        PromiseChange: {
            /** @description The promise, as customers hear it. */
            text_vi?: string | null;
            /** @description The promise, as customers hear it. */
            text_en?: string | null;
            /** @description Id of the touchpoint in the map. */
            touchpoint?: string | null;
            /** @description Where it was made: home page, advertisement, contract. */
            made_where?: string | null;
            /** @description Who stands behind it. */
            made_by?: string | null;
            /** @description From which day on it holds (2026-11-22); what came before does not count. */
            since?: string | null;
            /** @description The least share that must be kept, above 0 and at most 1. */
            target?: number;
            /** @description The test: {"kind":"follows","when":[…],"then":[…],"within":"2d"}, {"kind":"share","of":[…],"kept":[…]} or {"kind":"gap","expected":"…","experienced":"…"}. */
            test?: unknown;
            /** @description Not promised any more. */
            retired?: boolean;
        };
        PromiseSpan: {
            /** @description From this date on, in the configured zone. */
            from?: string | null;
            /** @description Before this date, in the configured zone. */
            to?: string | null;
            /** @description hour, day, week, month, quarter or year; weeks start on Monday. */
            every?: string | null;
            /** @description Conditions; all must hold. */
            where?: unknown;
        };
        /** @description How far a promise is kept. */
        PromiseAnswer: {
            whole: components["schemas"]["PromiseFigures"];
            rows: components["schemas"]["PromiseFigures"][];
            /**
             * @description kept: the target is met; broken: surely below it; unsure: cannot be told; unknown: nothing to measure yet.
             * @enum {string}
             */
            state: "unknown" | "kept" | "unsure" | "broken";
            /** @description The conditions of these events; for follows use /behind. */
            kept_where?: unknown;
            /** @description The conditions of these events; for follows use /behind. */
            broken_where?: unknown;
        };
        PromiseBehind: {
            /** @description From this date on, in the configured zone. */
            from?: string | null;
            /** @description Before this date, in the configured zone. */
            to?: string | null;
            /** @description hour, day, week, month, quarter or year; weeks start on Monday. */
            every?: string | null;
            /** @description Conditions; all must hold. */
            where?: unknown;
            /** @description kept, broken, late, never or open. */
            what: string;
            /** @description First day of the period, when asked with every. */
            period?: string | null;
            /** @description How many rows at most. */
            limit?: number;
            /** @description The page begins behind this. */
            after?: string | null;
        };
        /** @description A proposal, from pain points to a decision. */
        Proposal: {
            readonly id?: string | null;
            /** @description A short name */
            title: string;
            /** @description What people live through now */
            why?: string | null;
            /** @description What is proposed */
            what?: string | null;
            /** @description What exactly is asked for, such as "Approve 120 million ₫ for the Da Nang warehouse" */
            decision?: string | null;
            /** @description The touchpoint */
            touchpoint?: string | null;
            /** @description The department that would carry it */
            department?: string | null;
            /** @description Date of the meeting that decides, as 2026-11-22 */
            meeting?: string | null;
            /**
             * @description draft, asked (a decision is requested), approved, declined, done
             * @enum {string}
             */
            state?: "draft" | "asked" | "approved" | "declined" | "done";
            /** @description What was decided, and why */
            note?: string | null;
            readonly decided_by?: string | null;
            readonly decided_ms?: number | null;
            readonly done_ms?: number | null;
            /** @description When the people behind it were told */
            readonly told_ms?: number | null;
            /** @description The survey that asks whether people noticed */
            survey?: string | null;
            /** @description The pain points it rests on */
            pains?: string[];
            readonly by?: string | null;
            readonly created_ms?: number | null;
            readonly changed_ms?: number | null;
        };
        /** @description Awareness of what was done */
        Awareness: {
            survey: string;
            name: string;
            /** @description The survey's question about awareness; empty: it has none */
            question: string;
            /** @description The border of before and after: when people were told, else when it was done; null: neither */
            since_ms: number | null;
            before: components["schemas"]["AwarenessPart"];
            after: components["schemas"]["AwarenessPart"];
            /** @description After minus before, from -1 to 1 */
            change: number | null;
            change_low: number | null;
            change_high: number | null;
        };
        /** @description The people whose feedback lies behind a proposal. */
        ToldPeople: {
            /** @description Comments behind its pain points */
            feedback: number;
            /** @description People, each counted once */
            people: number;
            /** @description Of these, who agreed to be written to about service */
            agreed: number;
        };
        /** @description What people are told, in Vietnamese and English. */
        Told: {
            /** @description The subject */
            subject: string;
            /** @description The text */
            text: string;
            /** @description English, for who reads it; without it everybody gets the Vietnamese one */
            subject_en?: string | null;
            /** @description English, for who reads it; without it everybody gets the Vietnamese one */
            text_en?: string | null;
        };
        /** @description What was queued. */
        ToldQueued: {
            /** @description Messages that were queued; who did not agree gets none, with the reason kept */
            queued: number;
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
        /** @description A survey as whoever answers sees it. */
        Respond: {
            /**
             * @description open, pin, closed, paused, full, used, expired, invited.
             * @enum {string}
             */
            state: "open" | "pin" | "closed" | "paused" | "full" | "used" | "expired" | "invited";
            language: string;
            link?: components["schemas"]["RespondLink"] | null;
            survey?: components["schemas"]["RespondSurvey"] | null;
            response?: string;
            /** @description The page's own random key of one response: sent again it counts once; random orders follow from it. */
            key?: string;
            /** @description Answers so far, for whoever has the edit secret. */
            answers?: unknown;
            seen?: unknown;
        };
        /** @description Somebody's answers, some or all. */
        Submission: {
            /** @description The response that is continued. */
            response?: string | null;
            /** @description The secret that lets an unfinished response be continued. */
            edit?: string | null;
            pin?: string | null;
            /** @description The page's own random key of one response: sent again it counts once; random orders follow from it. */
            key?: string | null;
            version?: number;
            language?: string | null;
            /** @description JSON object: answers by question; null is a skip. */
            answers?: unknown;
            /** @description The questions that were shown. */
            seen?: string[];
            /** @description JSON object: milliseconds by question. */
            ms?: unknown;
            /** @description JSON object: hidden fields from the page's address. */
            hidden?: unknown;
            /** @description The browser's anonymous id, if the page has one. */
            anonymous?: string | null;
            finished?: boolean;
            /** @description When it was answered, by a device that was without a network. */
            at_ms?: number | null;
        };
        /** @description What the server has taken. */
        Receipt: {
            response: string;
            /** @description The secret that lets an unfinished response be continued. */
            edit: string;
            /** @enum {string} */
            state: "partial" | "finished" | "over";
            /** @description The end it came to; empty while there are questions left. */
            end: string;
        };
        /** @description What everybody gave in stars */
        Rating: {
            votes: number;
            /** @description On the question's scale; null without votes */
            average: number | null;
            scale: string;
        };
        /** @description A file that was taken; name it in the answer by "file". */
        RespondFile: {
            file: string;
            name: string;
            type: string;
            size: number;
        };
        /** @description What came of a survey. */
        SurveyResults: {
            invited: number;
            answered_invited: number;
            /** @description Share of the invited who answered, 0 to 1. */
            response_rate: number | null;
            opened: number;
            started: number;
            finished: number;
            partial: number;
            /** @description Responses that came when a quota was full; counted in no figure. */
            over: number;
            seconds_median: number | null;
            seconds_p90: number | null;
            ends: components["schemas"]["SurveyResultCount"][];
            questions: components["schemas"]["SurveyResultQuestion"][];
        };
        /** @description A response. */
        SurveyResponse: {
            id: string;
            /** @enum {string} */
            state: "partial" | "finished" | "over";
            version: number;
            language: string;
            channel: string;
            place: string;
            link: string;
            link_name: string;
            /** @enum {string} */
            link_kind: "link" | "single" | "qr" | "widget" | "kiosk" | "invitation";
            alias?: string;
            /** @description A hash of the device: bursts from one machine can be seen; the address is not kept. */
            device: string;
            started_ms: number | null;
            finished_ms: number | null;
            seconds: number | null;
            end: string;
            answered: number;
            /** @description JSON object: answers by question. */
            answers: unknown;
        };
        /** @description What is left of a response that was removed */
        ResponseRemoval: {
            id: string;
            survey: string;
            response: string;
            by: string;
            asked_ms: number | null;
            /** @description When it was done; 0: it goes on at the next start */
            done_ms: number | null;
            events: number;
            files: number;
            /** @description SHA-256 over the ids of the removed events, in order */
            digest: string;
            pending?: string | null;
        };
        /** @description A whole response. */
        SurveyResponseShown: {
            about: components["schemas"]["SurveyResponse"];
            document: components["schemas"]["SurveyDocument"];
            path: components["schemas"]["SurveyResponseStep"][];
            hidden?: unknown;
            files?: components["schemas"]["SurveyFile"][];
        };
        /** @description When something happens, if conditions hold, then something is done */
        Rule: {
            id: string;
            name: string;
            /** @description Switched on */
            on: boolean;
            /** @description What sets it off: event, alert or time */
            when: unknown;
            /** @description Conditions on the event and the person, looked at when it fires */
            if: unknown;
            /** @description How long to wait before the conditions are looked at */
            wait?: string | null;
            /** @description Share of people taken, always the same ones; 1: all */
            share: number;
            /** @description Share of people left out by lot, so that the effect can be measured */
            hold_out: number;
            /** @description Once only: {"per":"person" or "prop:NAME","in":"30d"} */
            once?: unknown;
            /** @description An event older than this when it arrives fires nothing; 24h by default */
            fresh?: string | null;
            /** @description What is done */
            then: unknown;
            /** @description Fires for what arrives from this moment on */
            since_ms: number | null;
            created_ms: number | null;
            changed_ms: number | null;
            by: string;
        };
        /** @description A new rule */
        RuleNew: {
            name: string;
            /** @description Switched on */
            on?: boolean;
            /** @description What sets it off: event, alert or time */
            when: unknown;
            /** @description Conditions on the event and the person, looked at when it fires */
            if?: unknown;
            /** @description How long to wait before the conditions are looked at */
            wait?: string | null;
            /** @description Share of people taken, always the same ones; 1: all */
            share?: number;
            /** @description Share of people left out by lot, so that the effect can be measured */
            hold_out?: number;
            /** @description Once only: {"per":"person" or "prop:NAME","in":"30d"} */
            once?: unknown;
            /** @description An event older than this when it arrives fires nothing; 24h by default */
            fresh?: string | null;
            /** @description What is done */
            then: unknown;
        };
        /** @description Only members that are sent change */
        RuleChange: {
            name?: string | null;
            /** @description Switched on */
            on?: boolean;
            /** @description What sets it off: event, alert or time */
            when?: unknown;
            /** @description Conditions on the event and the person, looked at when it fires */
            if?: unknown;
            /** @description How long to wait before the conditions are looked at */
            wait?: string | null;
            /** @description Share of people taken, always the same ones; 1: all */
            share?: number;
            /** @description Share of people left out by lot, so that the effect can be measured */
            hold_out?: number;
            /** @description Once only: {"per":"person" or "prop:NAME","in":"30d"} */
            once?: unknown;
            /** @description An event older than this when it arrives fires nothing; 24h by default */
            fresh?: string | null;
            /** @description What is done */
            then?: unknown;
        };
        /** @description What a trial found */
        RuleTrial: {
            /** @description Events looked at that match "when" */
            events: number;
            fires: number;
            people: number;
            condition: number;
            sampled_out: number;
            /** @description Would fire and not send for lack of consent */
            no_consent: number;
            /** @description There are older events that were not looked at */
            more: boolean;
            sample: components["schemas"]["RuleTrialFired"][];
        };
        /** @description One time a rule ran */
        RuleRun: {
            id: string;
            rule: string;
            /** @description What set it off: event, alert or time */
            cause: string;
            event?: string | null;
            person?: string | null;
            person_name?: string | null;
            alias?: string | null;
            /** @description waiting, fired, unsent, condition, sampled_out, held_out, repeated, nobody, gone, off, failed */
            outcome: string;
            at_ms: number | null;
            due_ms: number | null;
            done_ms?: number | null;
            sends: components["schemas"]["RunSend"][];
        };
        /** @description How often, by outcome */
        RuleFigures: {
            /** @description Runs by outcome */
            outcomes: components["schemas"]["RuleCount"][];
            /** @description Messages by state and reason */
            sends: components["schemas"]["RuleCount"][];
        };
        /** @description The size a simple random sample needs, at 95 %. */
        SampleSize: {
            /** @description Answers needed; with two groups, in each */
            answers: number;
            /** @description Invitations to send for that many answers */
            invitations: number | null;
        };
        /** @description Limits and quiet hours over all surveys, rules and channels */
        Sending: {
            /** @description Nothing goes out in quiet hours; messages wait for their end */
            quiet: boolean;
            /** @description When quiet hours begin, in the configured zone */
            quiet_from: string;
            /** @description When they end */
            quiet_to: string;
            /** @description Nothing goes out on Sundays */
            sundays: boolean;
            /** @description One for each purpose; those not named stay */
            limits: components["schemas"]["SendLimit"][];
        };
        /** @description What a rule tells people of the company */
        Notice: {
            id: string;
            /** @description Who should read it */
            role: string;
            rule?: string | null;
            run?: string | null;
            text: string;
            event?: string | null;
            created_ms: number | null;
            done_ms?: number | null;
            done_by?: string | null;
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
            /** @description Room for the files sent along with answers, in MB; one link alone can take at most half of it */
            answer_files_mb: number;
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
            /** @description Room for the files sent along with answers, in MB; one link alone can take at most half of it */
            answer_files_mb?: number;
            /** @description Network addresses are shortened before they are stored */
            truncate_addresses?: boolean;
        };
        /** @description A way to a survey. */
        SurveyLink: {
            id: string;
            survey: string;
            /**
             * @description link, single (works once), qr, widget, kiosk, invitation.
             * @enum {string}
             */
            kind: "link" | "single" | "qr" | "widget" | "kiosk" | "invitation";
            name: string;
            place: string;
            touchpoint: string;
            channel: string;
            alias?: string;
            /** @description JSON object: fields that go with the answers and that whoever answers cannot change. */
            hidden?: unknown;
            /** @description The link wants a PIN. */
            locked: boolean;
            /** @description Finished responses it takes at most; 0: any number. */
            most: number;
            finished: number;
            paused: boolean;
            expires_ms: number | null;
            created_ms: number | null;
            /** @description Left out for invitations, and for links that work once where the reader may not edit surveys */
            url?: string;
        };
        /** @description New links. */
        SurveyLinkNew: {
            /**
             * @description link, single (works once), qr, widget, kiosk, invitation.
             * @enum {string}
             */
            kind: "link" | "single" | "qr" | "widget" | "kiosk" | "invitation";
            name?: string | null;
            place?: string | null;
            touchpoint?: string | null;
            /** @description The channel of the answers; by default that of the kind. */
            channel?: string | null;
            /** @description Whom the invitation is for, user:U1 for example. */
            alias?: string | null;
            /** @description JSON object: fields that go with the answers and that whoever answers cannot change. */
            hidden?: unknown;
            /** @description The PIN; an empty text removes it. */
            pin?: string | null;
            /** @description Finished responses it takes at most; 0: any number. */
            most?: number;
            expires_ms?: number | null;
            /** @description How many links to make. */
            count?: number;
        };
        /** @description The links that were made. */
        SurveyLinksMade: {
            items: components["schemas"]["SurveyLink"][];
        };
        /** @description A change of a link. */
        SurveyLinkChange: {
            name?: string | null;
            place?: string | null;
            touchpoint?: string | null;
            /** @description The PIN; an empty text removes it. */
            pin?: string | null;
            /** @description Finished responses it takes at most; 0: any number. */
            most?: number;
            paused?: boolean;
            expires_ms?: number | null;
        };
        /** @description A survey in a list. */
        SurveySummary: {
            id: string;
            name: string;
            /**
             * @description draft, open, paused, closed, archived.
             * @enum {string}
             */
            state: "draft" | "open" | "paused" | "closed" | "archived";
            /**
             * @description open: whoever has a link; invited: only links that work once and invitations.
             * @enum {string}
             */
            access: "open" | "invited";
            /** @description The newest published version; 0: none. */
            version: number;
            published_ms: number | null;
            created_ms: number | null;
            changed_ms: number | null;
            by: string;
            /** @description There are changes that are not published. */
            draft: boolean;
            invited: number;
            opened: number;
            started: number;
            finished: number;
            answered_invited: number;
            last_ms: number | null;
            languages: string[];
            questions: number;
            /** @description The score of the first question that has one; null without. */
            score?: components["schemas"]["SurveyResultFigure"] | null;
        };
        /** @description A new survey. */
        SurveyNew: {
            document: components["schemas"]["SurveyDocument"];
        };
        /** @description A survey. */
        Survey: {
            id: string;
            name: string;
            /**
             * @description draft, open, paused, closed, archived.
             * @enum {string}
             */
            state: "draft" | "open" | "paused" | "closed" | "archived";
            /**
             * @description open: whoever has a link; invited: only links that work once and invitations.
             * @enum {string}
             */
            access: "open" | "invited";
            /** @description The newest published version; 0: none. */
            version: number;
            published_ms: number | null;
            created_ms: number | null;
            changed_ms: number | null;
            by: string;
            /** @description There are changes that are not published. */
            draft: boolean;
            invited: number;
            opened: number;
            started: number;
            finished: number;
            answered_invited: number;
            last_ms: number | null;
            etag: string;
            document: components["schemas"]["SurveyDocument"];
            /** @description What keeps the draft from being published. */
            problems: components["schemas"]["SurveyProblem"][];
        };
        /** @description A change of a survey. */
        SurveyChange: {
            /**
             * @description open: whoever has a link; invited: only links that work once and invitations.
             * @enum {string}
             */
            access: "open" | "invited";
        };
        /** @description A survey as a document: questions, languages, ways. */
        SurveyDocument: {
            /** @description Its languages, the usual one first. */
            languages: string[];
            /** @description Its name inside the house. */
            name: string;
            /** @description JSON object: texts by language, {"vi":"…","en":"…"} for example. */
            title?: unknown;
            /** @description JSON object: texts by language, {"vi":"…","en":"…"} for example. */
            welcome?: unknown;
            touchpoint?: string;
            place?: string;
            theme?: components["schemas"]["SurveyTheme"] | null;
            questions: components["schemas"]["SurveyQuestion"][];
            /** @description Lists of questions that are asked in a random order. */
            shuffle?: unknown;
            quotas?: components["schemas"]["SurveyQuota"][];
            ends?: components["schemas"]["SurveyEnd"][];
            /** @description After how long unfinished answers count, 24h for example. */
            partial_after?: string;
        };
        /** @description A publication. */
        SurveyPublish: {
            /** @description JSON object by question: true, only corrected, the series goes on; false, a new series. */
            comparable?: unknown;
        };
        /** @description The new state. */
        SurveyState: {
            /**
             * @description draft, open, paused, closed, archived.
             * @enum {string}
             */
            state: "draft" | "open" | "paused" | "closed" | "archived";
        };
        /** @description A version in a list. */
        SurveyVersion: {
            version: number;
            published_ms: number | null;
            by: string;
            responses: number;
            document?: string | null;
        };
        /** @description A version with its document. */
        SurveyVersionShown: {
            version: number;
            published_ms: number | null;
            by: string;
            responses: number;
            document: components["schemas"]["SurveyDocument"];
        };
        /** @description A question of the bank. */
        BankItem: {
            /** @description Its key, and its series where it is asked word for word. */
            key: string;
            group: string;
            /** @description JSON object: texts by language, {"vi":"…","en":"…"} for example. */
            note?: unknown;
            source?: string;
            /** @description A question of a survey document, without its id. */
            question: unknown;
        };
        /** @description A survey to begin with. */
        SurveyTemplate: {
            key: string;
            /** @description JSON object: texts by language, {"vi":"…","en":"…"} for example. */
            name: unknown;
            /** @description A whole draft of a survey. */
            document: unknown;
        };
        /** @description An interview study */
        Study: {
            id: string;
            name: string;
            /** @description What is to be found out */
            purpose: string;
            /** @description The questions to ask */
            guide: string;
            /** @description Who is to take part, and how they are found */
            recruit: string;
            from_date?: string | null;
            to_date?: string | null;
            /** @description How many interviews are wanted */
            target: number;
            /** @enum {string} */
            status: "planned" | "running" | "closed";
            owner?: string | null;
            by: string;
            created_ms: number | null;
            changed_ms: number | null;
            people: number;
            notes: number;
            findings: number;
        };
        /** @description An interview study */
        StudyNew: {
            name: string;
            /** @description What is to be found out */
            purpose?: string | null;
            /** @description The questions to ask */
            guide?: string | null;
            /** @description Who is to take part, and how they are found */
            recruit?: string | null;
            from_date?: string | null;
            to_date?: string | null;
            /** @description How many interviews are wanted */
            target?: number;
            /** @enum {string} */
            status?: "planned" | "running" | "closed";
            owner?: string | null;
        };
        /** @description An interview study */
        StudyChange: {
            name?: string | null;
            /** @description What is to be found out */
            purpose?: string | null;
            /** @description The questions to ask */
            guide?: string | null;
            /** @description Who is to take part, and how they are found */
            recruit?: string | null;
            from_date?: string | null;
            to_date?: string | null;
            /** @description How many interviews are wanted */
            target?: number;
            /** @enum {string} */
            status?: "planned" | "running" | "closed";
            owner?: string | null;
        };
        /** @description Somebody who takes part in a study */
        StudyPerson: {
            alias: string;
            name?: string | null;
            person?: string | null;
            /** @description invited, agreed, interviewed or declined */
            state: string;
            /** @description The newest word about research is yes */
            agreed: boolean;
            at_ms: number | null;
        };
        /** @description Somebody who takes part in a study */
        StudyPersonPut: {
            /** @description An id, an alias such as user:U1, an e-mail address or a telephone number */
            person: string;
            /**
             * @description invited, agreed, interviewed or declined
             * @enum {string}
             */
            state?: "invited" | "agreed" | "interviewed" | "declined";
        };
        /** @description A note of an interview */
        StudyNoteNew: {
            /** @description An id, an alias such as user:U1, an e-mail address or a telephone number */
            person: string;
            text: string;
            channel?: string | null;
            touchpoint?: string | null;
            /** @description A key of the client: with the same one it is stored once */
            key?: string | null;
            /** @description When it was said; now unless given */
            at_ms?: number | null;
        };
        /** @description A passage and what it is about */
        StudyPassage: {
            id: string;
            note: string;
            quote?: string;
            /** @description Its first byte in the note */
            first: number;
            length: number;
            touchpoint?: string | null;
            pain?: string | null;
            /** @description A word of the researcher */
            code?: string | null;
            by: string;
            at_ms: number | null;
        };
        /** @description A passage and what it is about */
        StudyPassageNew: {
            note: string;
            /** @description The words as they stand in the note */
            quote: string;
            touchpoint?: string | null;
            pain?: string | null;
            /** @description A word of the researcher */
            code?: string | null;
        };
        /** @description What was found out */
        StudyFinding: {
            id: string;
            study: string;
            title: string;
            text: string;
            touchpoint?: string | null;
            pain?: string | null;
            /** @description The passages it rests on */
            passages: unknown;
            by: string;
            at_ms: number | null;
        };
        /** @description What was found out */
        StudyFindingNew: {
            title: string;
            text?: string | null;
            touchpoint?: string | null;
            pain?: string | null;
            /** @description The passages it rests on */
            passages?: string[];
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
        /** @description Where signed calls go (Standard Webhooks) */
        WebhookTarget: {
            id: string;
            name: string;
            /** @description An https address; none inside the house */
            url: string;
            on: boolean;
            /** @description The secret; only when it was just made */
            secret?: string;
            /** @description Until then the secret before signs as well */
            old_until_ms?: number | null;
            /** @description The class of the status: 2 is success, 0 no answer */
            last_class: number;
            last_ms?: number | null;
            /** @description Since when every call fails */
            failing_ms?: number | null;
            created_ms: number | null;
            by: string;
        };
        /** @description A new target */
        WebhookTargetNew: {
            name: string;
            /** @description An https address; none inside the house */
            url: string;
        };
        /** @description Only members that are sent change */
        WebhookTargetChange: {
            name?: string | null;
            /** @description An https address; none inside the house */
            url?: string | null;
            on?: boolean;
        };
        /** @description How the test call went */
        WebhookTried: {
            /** @description The class of the status: 2 is success, 0 no answer */
            class: number;
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
        /** @description Something that goes with the score. */
        Driver: {
            /** @description The topic, question or touchpoint. */
            key: string;
            /** @description Its part of what is explained (R²), 0 to 1; all parts add up to 1. */
            importance: number;
            low: number;
            high: number;
            /** @description The score's change for one step: from unspoken to praised (topics), from the lowest to the highest of its scale (questions, touchpoints). */
            effect: number;
            /** @description Answers that speak of it, or have a value. */
            n: number;
            /** @description Fewer than minimum n of them: not to be relied on. */
            few: boolean;
            good: number;
            bad: number;
            /** @description Its mean on its scale, 0 to 1. */
            mean: number | null;
        };
        /** @description A period of the past or of the forecast. */
        ForecastPoint: {
            period: string;
            n: number;
            value: number | null;
            low: number | null;
            high: number | null;
            low80: number | null;
            high80: number | null;
        };
        /** @description How well such forecasts did in the past. */
        ForecastCheck: {
            /** @description Forecasts made from points of the past. */
            origins: number;
            horizon: number;
            /** @description Mean absolute error. */
            mae: number;
            /** @description That of the simplest guess: the last value. */
            naive_mae: number;
            /** @description The error over the mean change between two periods (Hyndman and Koehler 2006). */
            mase: number;
            /** @description Share of real values inside the 95 % interval. */
            coverage95: number;
            coverage80: number;
            /** @description Better than the simplest guess. */
            better: boolean;
        };
        /** @description A filter of feedback: values of one criterion are "or", criteria are "and" */
        FeedbackFilter: {
            /** @description Words to find, without case, tone and đ; "giao h*": the last one begins so */
            q?: string | null;
            /** @description survey, review, mention, complaint, interview, call, chat, email or other */
            source?: string[];
            kind?: string[];
            channel?: string[];
            place?: string[];
            touchpoint?: string[];
            metric?: string[];
            question?: string[];
            survey?: string[];
            response?: string[];
            /** @description negative, neutral or positive */
            class?: string[];
            /** @description joy, sadness, anger, fear, disgust or surprise */
            emotion?: string[];
            /** @description Keys of topics */
            topic?: string[];
            /** @description vi, en or other */
            language?: string[];
            /** @description new, read, waiting, done or ignored */
            status?: string[];
            scale?: string[];
            /** @description What the company's own model says */
            label?: string[];
            /**
             * @description Whether the topic is spoken of well (positive) or badly (negative)
             * @enum {string}
             */
            polarity?: "any" | "positive" | "negative";
            /** @enum {string} */
            complaint?: "any" | "true" | "false";
            /** @enum {string} */
            spam?: "any" | "true" | "false";
            /**
             * @description Whether there are words; true unless given
             * @enum {string}
             */
            has_text?: "any" | "true" | "false";
            /** @description The id of who looks after it; me: oneself; none: nobody does */
            owner?: string | null;
            /** @description Evidence of this pain point */
            pain?: string | null;
            /** @description The id of a person or an alias such as user:U1: whatever that person said */
            person?: string | null;
            score_gte?: number | null;
            score_lte?: number | null;
            /** @description From this date on (ISO) */
            from?: string | null;
            /** @description Before this date (ISO) */
            to?: string | null;
            ids?: string[];
        };
        CompareSide: {
            n: number;
            texts: number;
        };
        /** @description One difference between the groups. */
        CompareRow: {
            /** @description score, class, emotion, complaint, topic, topic_bad (spoken badly of) or phrase. */
            what: string;
            key: string;
            first_n: number;
            first: number;
            second_n: number;
            second: number;
            /** @description The first less the second, with its 95 % interval. */
            delta: number;
            low: number;
            high: number;
            p: number;
            /** @description Still a discovery when so much is compared at once (Benjamini and Hochberg, 5 %). */
            found: boolean;
        };
        /** @description The tenth that is served worst at a touchpoint. */
        DemandingRow: {
            /** @description The touchpoint; null: all. */
            touchpoint?: string | null;
            n: number;
            /** @description Persons; an answer of nobody known counts as one. */
            people: number;
            mean: number;
            /** @description The mean of the lowest tenth. */
            tenth: number;
            gap: number;
            tenth_n: number;
            /** @description The border of that tenth. */
            worst_below: number;
            few: boolean;
        };
        Phrase: {
            phrase: string;
            now: number;
            before: number;
            /** @description The rate now over the rate before; null: it was never there. */
            ratio: number | null;
            low: number | null;
            high: number | null;
            p: number;
            examples: components["schemas"]["PhraseExample"][];
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
        /** @description A word given or withdrawn, and whose it is */
        ConsentOf: {
            /** @description Whose word it is, such as user:U1 */
            alias: string;
            /**
             * @description What for
             * @enum {string}
             */
            purpose: "survey" | "service" | "marketing" | "research" | "training";
            /** @enum {string} */
            state: "given" | "withdrawn";
            /** @description The version of the words that were shown; 0: none, for a withdrawal only */
            wording?: number;
            /**
             * @description For one channel alone; none: for all
             * @enum {string}
             */
            channel?: "all" | "email" | "webhook";
            /**
             * @description How it was said
             * @enum {string}
             */
            how: "form" | "call" | "paper" | "import" | "survey" | "opt_out" | "staff" | "api";
            /** @description Where the proof lies: a form's number, a recording */
            evidence?: string | null;
            /** @description When the person said so; now by default */
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
        /** @description Who said it */
        FeedbackPerson: {
            id: string;
            name?: string | null;
        };
        /** @description How many have each value of one criterion */
        Facet: {
            name: string;
            values: components["schemas"]["FacetValue"][];
            /** @description How many have no value */
            none: number;
        };
        /** @description A pain point it is evidence of */
        FeedbackPain: {
            id: string;
            name: string;
            /** @description hand: somebody linked it; rule: the pain point's filter found it */
            how: string;
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
        HonestCount: {
            state: string;
            reason?: string | null;
            count: number;
        };
        HonestGroup: {
            /** @description channel, rule, earlier (an earlier recommendation) or a trait */
            field: string;
            value?: string | null;
            invited: number;
            answered: number;
            rate: number;
            low: number;
            high: number;
            /** @description The interval does not meet that of all others */
            apart: boolean;
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
        ModelLabel: {
            label: string;
            count: number;
            /** @description Of those said to have the label, the share that has it. */
            precision: number;
            /** @description Of those that have the label, the share that was found. */
            recall: number;
            /** @description The harmonic mean of both. */
            f1: number;
        };
        ModelWord: {
            text: string;
            /** @description Where, in bytes. */
            at: number;
            /** @description Above 0: speaks for the label. */
            weight: number;
        };
        /** @description The evidence of a week */
        PainWeek: {
            from_ms: number | null;
            n: number;
            /** @description All feedback with words in the same time */
            of: number;
            share: number | null;
            low: number | null;
            high: number | null;
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
        /** @description How often a promise was kept and broken, in the whole span or one period. */
        PromiseFigures: {
            /** @description First day of the period; none: the whole span. */
            period?: string | null;
            n: number;
            kept: number;
            broken: number;
            /** @description Of the broken ones: it happened, but too late. */
            late?: number;
            /** @description Not over yet, so not counted. */
            open?: number;
            /** @description Kept / (kept + broken), with a 95 % interval (Wilson). */
            rate?: number | null;
            low?: number | null;
            high?: number | null;
            few: boolean;
            /** @description Experience less expectation, with a 95 % interval (Welch). */
            gap?: number | null;
            gap_low?: number | null;
            gap_high?: number | null;
            /** @description Mean expectation, on the scale of the question. */
            expected?: number | null;
            experienced?: number | null;
        };
        /** @description Answers on one side of the border */
        AwarenessPart: {
            answers: number;
            knew: number;
            share: number | null;
            low: number | null;
            high: number | null;
            few: boolean;
        };
        /** @description The link somebody came through. */
        RespondLink: {
            /** @enum {string} */
            kind: "link" | "single" | "qr" | "widget" | "kiosk" | "invitation";
            place: string;
        };
        /** @description The survey and its version. */
        RespondSurvey: {
            id: string;
            version: number;
            /** @description The survey document without what is internal. */
            document: unknown;
        };
        /** @description How many chose it. */
        SurveyResultCount: {
            id: string;
            n: number;
        };
        /** @description What came of a question, in one series. */
        SurveyResultQuestion: {
            id: string;
            /** @description The series of its figures; given by the server at publication. */
            series: string;
            type: string;
            /** @description The question as it was asked last. */
            question: unknown;
            /** @description The versions of this series. */
            versions: components["schemas"]["SurveyResultVersion"][];
            seen: number;
            answered: number;
            /** @description How many saw it and gave no answer. */
            skipped: number;
            /** @description How many left here. */
            left: number;
            seconds_median: number | null;
            figure?: components["schemas"]["SurveyResultFigure"] | null;
            options?: components["schemas"]["SurveyResultCount"][];
            rows?: components["schemas"]["SurveyResultRow"][];
            ranks?: components["schemas"]["SurveyResultMean"][];
            emotions?: components["schemas"]["SurveyResultMean"][];
            histogram?: components["schemas"]["SurveyResultValue"][];
            q25?: number;
            median?: number;
            q75?: number;
            texts: number;
        };
        /** @description A question on the way and the time spent there. */
        SurveyResponseStep: {
            question: string;
            ms: number;
        };
        /** @description A file sent along with an answer. */
        SurveyFile: {
            id: string;
            name: string;
            type: string;
            size: number;
        };
        RuleTrialFired: {
            event: string;
            person?: string | null;
            person_name?: string | null;
            at_ms: number | null;
        };
        RunSend: {
            id: string;
            channel: string;
            what: string;
            state: string;
            reason?: string | null;
            sent_ms?: number | null;
        };
        RuleCount: {
            what: string;
            reason?: string;
            count: number;
        };
        /** @description How much one person gets at most for a purpose */
        SendLimit: {
            /** @enum {string} */
            purpose: "survey" | "service" | "marketing" | "research" | "training";
            /** @description At most so many messages; 0: no limit */
            most: number;
            /** @description Within so many days */
            days: number;
            /** @description Days between two invitations to the same survey; 0: none */
            gap_days: number;
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
        /** @description A score with what it rests on and its 95 % interval. */
        SurveyResultFigure: {
            metric: string;
            scale: string;
            n: number;
            /** @description NPS −100…100; CSAT a percentage; CES a mean; null without answers. */
            score: number | null;
            low: number | null;
            high: number | null;
            mean: number | null;
            few: boolean;
            counts: components["schemas"]["SurveyResultValue"][];
        };
        /** @description Something that is missing or wrong. */
        SurveyProblem: {
            pointer: string;
            detail: string;
        };
        /** @description Colours and shape. */
        SurveyTheme: {
            accent?: string;
            background?: string;
            /** @enum {string} */
            shape?: "soft" | "square";
            progress?: boolean;
        };
        /** @description A question. */
        SurveyQuestion: {
            id: string;
            /** @description The series of its figures; given by the server at publication. */
            series?: string;
            /** @description Its key in the question bank. */
            bank?: string;
            /** @enum {string} */
            type: "nps" | "csat" | "ces" | "emotion" | "single" | "multiple" | "matrix" | "ranking" | "slider" | "text" | "contact" | "file" | "note";
            /** @description JSON object: texts by language, {"vi":"…","en":"…"} for example. */
            title?: unknown;
            /** @description JSON object: texts by language, {"vi":"…","en":"…"} for example. */
            help?: unknown;
            required?: boolean;
            touchpoint?: string;
            dimension?: string;
            /**
             * @description What is measured: satisfaction, accessibility, ease, delight, love, awareness, consideration, preference.
             * @enum {string}
             */
            adjective?: "" | "satisfaction" | "accessibility" | "ease" | "delight" | "love" | "awareness" | "consideration" | "preference";
            /** @description 1-5, 1-10, 1-7 or 0-10; by default the metric's own. */
            scale?: string;
            /** @enum {string} */
            look?: "" | "numbers" | "stars" | "faces";
            /** @description JSON object: texts by language, {"vi":"…","en":"…"} for example. */
            low?: unknown;
            /** @description JSON object: texts by language, {"vi":"…","en":"…"} for example. */
            high?: unknown;
            /** @description The older effort wording: low is easy; flipped when it is taken. */
            reversed?: boolean;
            options?: components["schemas"]["SurveyOption"][];
            rows?: components["schemas"]["SurveyOption"][];
            /** @description Options in a random order. */
            shuffle?: boolean;
            /** @description How many choices at least. */
            least?: number;
            /** @description How many choices, or letters, at most. */
            most?: number;
            min?: number;
            max?: number;
            step?: number;
            long?: boolean;
            /** @description name, email, phone. */
            fields?: string[];
            /** @description The purpose for which the contact details may be used. */
            purpose?: string;
            /** @description Kinds of files that are taken, image/* for example. */
            files?: string[];
            /** @description The emotion the touchpoint aims at. */
            target?: string;
            /** @description A list of conditions that must all hold; see docs/surveys.md. */
            show?: unknown;
            jump?: components["schemas"]["SurveyJump"][];
        };
        /** @description A quota. */
        SurveyQuota: {
            name: string;
            /** @description A list of conditions that must all hold; see docs/surveys.md. */
            when?: unknown;
            most: number;
            /** @description A later question, or end:ID. */
            to: string;
        };
        /** @description An end. */
        SurveyEnd: {
            id: string;
            /** @description JSON object: texts by language, {"vi":"…","en":"…"} for example. */
            title?: unknown;
            /** @description JSON object: texts by language, {"vi":"…","en":"…"} for example. */
            text?: unknown;
            /** @description Where the respondent is sent at the end. */
            redirect?: string;
            /** @description A list of conditions that must all hold; see docs/surveys.md. */
            when?: unknown;
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
        PhraseExample: {
            feedback: string;
            at: number | null;
            text?: string | null;
        };
        /** @description A value and how many have it */
        FacetValue: {
            value: string;
            n: number;
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
        /** @description A version. */
        SurveyResultVersion: {
            version: number;
        };
        /** @description A row of a matrix. */
        SurveyResultRow: {
            id: string;
            options: components["schemas"]["SurveyResultCount"][];
        };
        /** @description How many, and the mean. */
        SurveyResultMean: {
            id: string;
            n: number;
            /** @description The mean rank (1 is first), or the mean strength. */
            mean: number;
        };
        /** @description A value and how often. */
        SurveyResultValue: {
            value: number;
            n: number;
        };
        /** @description An option or a row. */
        SurveyOption: {
            id: string;
            /** @description JSON object: texts by language, {"vi":"…","en":"…"} for example. */
            label?: unknown;
            /** @description Whoever answers writes what it is. */
            other?: boolean;
        };
        /** @description A condition and where it leads. */
        SurveyJump: {
            /** @description A list of conditions that must all hold; see docs/surveys.md. */
            when?: unknown;
            /** @description A later question, or end:ID. */
            to: string;
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
