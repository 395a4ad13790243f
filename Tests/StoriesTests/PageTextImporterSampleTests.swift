// SPDX-License-Identifier: Apache-2.0
import Foundation
import Stories
import Testing

@Suite("The sample stories")
struct PageTextImporterSampleTests {
    @Test("The harbour storm is read completely; its only warnings are the repeated titles")
    func harbourStorm() throws {
        let page = try PageTextImporter.parse(sample("harbour-storm.txt"))
        #expect(
            page.title
                == "Live updates: Storm closes Wrenmouth harbour - ferry with 214 aboard reaches shelter")
        #expect(page.section == ["Home", "Coast"])
        #expect(page.byline == "Tidewatch")
        #expect(page.sourceName == "Skerry Lantern")
        #expect(page.sourceDateMilliseconds == 1_771_094_527_000)
        #expect(page.keyPoints.count == 3)
        #expect(page.updates.map { $0.split(separator: "\n\n").count } == [3, 2, 5, 3, 2, 3, 3])
        #expect(page.counts == ["veryGood": 1208])
        #expect(page.related.count == 5)
        #expect(page.ranking.count == 4)
        #expect(page.recommendation.count == 5)
        #expect(page.warnings.count == 2)
        #expect(page.warnings.allSatisfy { $0.detail.contains("it repeats line") })
    }

    @Test("The harbour storm is prose, so its updates contain no backslash")
    func proseIsUntouched() throws {
        let page = try PageTextImporter.parse(sample("harbour-storm.txt"))
        #expect(page.updates.allSatisfy { !$0.contains("\\") })
    }

    private func sample(_ name: String) throws -> String {
        let package = URL(filePath: #filePath).appending(path: "../../..").standardized
        return try String(contentsOf: package.appending(path: "Samples/\(name)"), encoding: .utf8)
    }
}
