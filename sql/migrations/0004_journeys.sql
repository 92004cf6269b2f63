-- Journey maps. A map is one JSON document: stages, lanes and touchpoints belong together and change together.
CREATE TABLE journeys (
    id {id} PRIMARY KEY,
    draft {text},              -- JSON: the map that is being edited; NULL: there is none
    created_ms {i64} NOT NULL
) {strict};

CREATE TABLE journey_versions (
    journey_id {id} NOT NULL REFERENCES journeys (id),
    version {i64} NOT NULL,        -- 1, 2, …
    map {text} NOT NULL,           -- JSON, never changed
    published_ms {i64} NOT NULL,
    from_ms {i64} NOT NULL,        -- decides for events from this moment on, until a newer version does
    published_by {text} NOT NULL,  -- who published it
    PRIMARY KEY (journey_id, version)
) {strict};
