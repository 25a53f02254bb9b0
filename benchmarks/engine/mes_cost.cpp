// Times the function mes_cost of pabumeasures alone: reads an election from standard input, runs it for a second,
// prints the least seconds of the processor and the names chosen.
#include "pb_rules_and_measures/MesCost.h"

#include <algorithm>
#include <ctime>
#include <iostream>

int main() {
    long long budget;
    int voters, count;
    std::cin >> budget >> voters >> count;
    std::vector<ProjectEmbedding> projects;
    for (int i = 0; i < count; i++) {
        std::string name;
        long long cost;
        int approvals;
        std::cin >> name >> cost >> approvals;
        std::vector<int> approvers(approvals);
        for (auto &each : approvers) std::cin >> each;
        projects.emplace_back(cost, name, approvers);
    }
    Election election(budget, voters, projects);
    double best = 1e9, total = 0;
    std::vector<ProjectEmbedding> chosen;
    while (total < 1) {
        auto started = std::clock();
        chosen = mes_cost(election, ProjectComparator::ByNameAsc);
        double seconds = double(std::clock() - started) / CLOCKS_PER_SEC;
        best = std::min(best, seconds);
        total += seconds;
    }
    std::cout << best;
    for (const auto &project : chosen) std::cout << ' ' << project.name();
    std::cout << std::endl;
}
