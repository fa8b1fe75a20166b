import Testing

@testable import Replay

/// `sluice replay --explain`, whole: lines that are held, given out, changed, dropped, and a block that does not match.
struct ExplainTests {
    private static let pipeline = #"""
        pipeline_stages:
          - multiline: {firstline: '^[0-9{\[]', max_lines: 2}
          - json: {expressions: {level: , time: , user: }}
          - redact:
          - timestamp: {source: time, format: RFC3339}
          - drop: {source: level, value: debug, drop_counter_reason: low_level}
          - labels: {level: }
          - match:
              selector: '{level="error"}'
              stages:
                - static_labels: {alert: 'yes'}
          - structured_metadata: {user: }
          - labeldrop: [filename]
        labels: {job: app}
        """#

    private static let input = #"""
        {"time":"2026-01-02T03:04:05Z","level":"error","user":"ann","password":"hunter2"}
        {"level":"debug"}
        [not JSON, token=abc
         continued]
        """#

    private static let explanation = #"""
        line 1
          1 multiline: holds the line
        line 2
          1 multiline: holds the line and gives out what it held
        given out
          2 json
              + extracted level="error"
              + extracted time="2026-01-02T03:04:05Z"
              + extracted user="ann"
          3 redact
              ~ line {"time":"2026-01-02T03:04:05Z","level":"error","user":"ann","password":"[REDACTED]"}
          4 timestamp
              ~ timestamp 2026-01-02T03:04:05Z
          5 drop: no change
          6 labels
              + label level="error"
          7 match: no change
          8 static_labels
              + label alert="yes"
          9 structured_metadata
              + metadata user="ann"
          10 labeldrop
              - label filename
          => 2026-01-02T03:04:05Z\#t{alert="yes", job="app", level="error"}\#t{"time":"2026-01-02T03:04:05Z","level":"error","user":"ann","password":"[REDACTED]"}\#t{user="ann"}
        line 3
          1 multiline: holds the line and gives out what it held
        given out
          2 json
              + extracted level="debug"
              + extracted time=nil
              + extracted user=nil
          3 redact: no change
          4 timestamp
              ~ timestamp 2026-01-02T03:04:05.000000001Z
          5 drop: dropped, low_level
        line 4
          1 multiline: holds the line and gives out what it held
        given out
          2 json: no change
          3 redact
              ~ line [not JSON, token=[REDACTED]
         continued]
          4 timestamp
              ~ timestamp 2026-01-02T03:04:05.000000002Z
          5 drop: no change
          6 labels: no change
          7 match: does not match
          9 structured_metadata: no change
          10 labeldrop
              - label filename
          => 2026-01-02T03:04:05.000000002Z\#t{job="app"}\#t[not JSON, token=[REDACTED]
         continued]

        """#

    private static let summary = """
        4 lines read, 2 entries out, 1 dropped, 2 values redacted
          1 dropped by drop: low_level

        """

    @Test func tellsWhatEachStageDid() throws {
        let scene = try CommandScene()
        try scene.write("pipeline.yaml", Self.pipeline)
        try scene.write("app.log", Self.input)
        let result = scene.run(ReplayCommand.self, ["FOLDER/pipeline.yaml", "--input", "FOLDER/app.log", "--explain"])
        #expect(result.output == Self.explanation)
        #expect(result.errors == Self.summary)
        #expect(result.code == 0)
    }

    /// What a job is called stands at its lines when a file has several.
    @Test func namesTheJob() throws {
        let scene = try CommandScene()
        try scene.write(
            "agent.yaml",
            """
            scrape_configs:
              - job_name: a
                static_configs: [{labels: {__path__: x.log}}]
                pipeline_stages: [{labeldrop: [filename]}]
              - job_name: b
                static_configs: [{labels: {__path__: x.log}}]
                pipeline_stages: []
            """
        )
        try scene.write("app.log", "x\n")
        let result = scene.run(ReplayCommand.self, ["FOLDER/agent.yaml", "--input", "FOLDER/app.log", "--explain"])
        #expect(
            result.output == """
                line 1 of job a
                  1 labeldrop
                      - label filename
                  => now\t{}\tx
                line 1 of job b
                  => now\t{filename="FOLDER/app.log"}\tx

                """
        )
        #expect(
            result.errors == """
                job a: 1 line read, 1 entry out, 0 dropped, 0 values redacted
                job b: 1 line read, 1 entry out, 0 dropped, 0 values redacted

                """
        )
    }
}
